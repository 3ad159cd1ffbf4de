import type { Request, Response } from 'express';
import type { Inbox } from './inbox.js';
import { paramsOf } from './request.js';
import { toS } from './ruby.js';
import type { Session } from './session.js';

/** Returns the widget session of the current request. */
export const sessionOf = (response: Response): Session => response.locals.session;

/**
 * Records the outcome of a request that identifies the visitor. `response.locals` contains the session, if
 * one was found, and `verified`, which is true if the hash was valid.
 */
export function noteContact(inbox: Inbox, request: Request, response: Response, status: number): void {
  const { session, verified = false } = response.locals as { session?: Session; verified?: boolean };
  inbox.record.add({
    type: request.path.endsWith('/set_user') ? 'set_user' : 'contact_update',
    status,
    identifier: toS(paramsOf(request).identifier) ?? '',
    verified,
    hmacVerified: session?.hmacVerified ?? false,
    ...(session && { sessionId: session.id, contactId: session.contact.id }),
  });
}
