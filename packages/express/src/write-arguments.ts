import type { Response } from 'express';

/** The callback argument of `write` and `end`. */
export type Callback = (error?: Error | null) => void;

/**
 * Applies the arguments of a `writeHead` call to an HTML response without sending the headers. The headers are sent
 * later, with the first bytes of the body, which show whether the body is a whole document. Accepts every form of
 * `writeHead`. Returns false and changes nothing if the response is not HTML or if Node would reject the status.
 */
export function deferHeaders(res: Response, args: readonly unknown[]): boolean {
  const [status, ...rest] = args;
  const message = typeof rest[0] === 'string' ? rest[0] : undefined;
  const fields = fieldsOf(message === undefined ? (rest[0] ?? rest[1]) : rest[1]);
  const type =
    fields.findLast(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? res.getHeader('content-type');
  if (!Number.isInteger(status) || !/^\s*text\/html/i.test(String(type))) return false;
  res.statusCode = status as number;
  if (message !== undefined) res.statusMessage = message;
  for (const [name] of fields) res.removeHeader(name);
  for (const [name, value] of fields) res.appendHeader(name, value);
  return true;
}

/** Returns headers as pairs of name and value. Node accepts an object or a flat list of names and values. */
function fieldsOf(headers: unknown): [name: string, value: string | string[]][] {
  const flat: unknown[] = Array.isArray(headers) ? headers : Object.entries(headers ?? {}).flat(1);
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, index) => [
    String(flat[2 * index]),
    flat[2 * index + 1] as string | string[],
  ]);
}

/** Returns the chunk, the encoding and the callback from an argument list in which each of them is optional. */
export function chunkAndCallback([first, second, third]: readonly unknown[]): [
  unknown,
  unknown,
  Callback | undefined,
] {
  if (typeof first === 'function') return [undefined, undefined, first as Callback];
  if (typeof second === 'function') return [first, undefined, second as Callback];
  return [first, second, typeof third === 'function' ? (third as Callback) : undefined];
}

/** Returns the bytes of a chunk, or undefined for a value that Node rejects. */
export function toBuffer(chunk: unknown, encoding: unknown): Buffer | undefined {
  if (Buffer.isBuffer(chunk)) return chunk;
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return undefined;
}
