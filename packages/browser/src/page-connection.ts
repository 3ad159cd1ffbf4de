import { type Connection, createConnection } from './connection.js';

const key = Symbol.for('chatwoot-identity');

/**
 * Returns the connection of this page. All copies of this package in the page, for example the page script
 * and the app's own bundle, share this connection.
 */
export function pageConnection(): Connection {
  const page = window as Window & { [key]?: Connection };
  page[key] ??= createConnection();
  return page[key];
}
