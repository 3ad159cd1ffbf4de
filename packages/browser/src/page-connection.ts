import { type Connection, createConnection } from './connection.js';

const key = Symbol.for('chatwoot-identity');

/** The connection of this page. Two copies of this package, or the script and an app, share it. */
export function pageConnection(): Connection {
  const page = window as Window & { [key]?: Connection };
  page[key] ??= createConnection();
  return page[key];
}
