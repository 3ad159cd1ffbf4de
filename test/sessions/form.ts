import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Reads the fields of a submitted form. */
export async function form(req: IncomingMessage): Promise<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(await text(req)));
}
