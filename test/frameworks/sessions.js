// This file is copied into each app. Apps of frameworks without built-in sessions use this file.
import { randomUUID } from 'node:crypto';

/** The users who can sign in. */
export const users = {
  'user-1': { identifier: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' },
  'user-2': { identifier: 'user-2', name: 'Grace Hopper', email: 'grace@example.com' },
};

const sessions = new Map();

/** Starts a session. Returns the id of the session, for a cookie. */
export function signIn(user) {
  const id = randomUUID();
  sessions.set(id, users[user]);
  return id;
}

/** Returns the user of a session. Returns undefined for an anonymous visitor. */
export const userOf = (id) => sessions.get(id);

export const signOut = (id) => sessions.delete(id);
