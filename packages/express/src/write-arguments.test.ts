import http from 'node:http';
import type { Response } from 'express';
import { describe, expect, test } from 'vitest';
import { ask, serving } from '../../../test/support/http.js';
import { chunkAndCallback, deferHeaders, toBuffer } from './write-arguments.js';

/** Calls `deferHeaders` with the arguments. Returns its result and the response that the client receives. */
async function deferring(args: unknown[], before: Record<string, string | string[]> = {}) {
  let isDeferred: boolean | undefined;
  const server = http.createServer((_req, res) => {
    for (const [name, value] of Object.entries(before)) res.setHeader(name, value);
    isDeferred = deferHeaders(res as Response, args);
    expect(res.headersSent).toBe(false);
    res.end();
  });
  const { status, headers } = await serving(server, (url) => ask(url));
  return { isDeferred, status, headers };
}

const HTML = { 'Content-Type': 'text/html' };

describe('deferHeaders', () => {
  test.each<[form: string, args: unknown[]]>([
    ['an object', [404, HTML]],
    ['a message and an object', [404, 'Gone fishing', HTML]],
    ['an undefined message and an object', [404, undefined, HTML]],
    ['a flat list', [404, ['content-type', 'text/html']]],
  ])('applies the status and headers of writeHead with %s', async (_form, args) => {
    const { isDeferred, status, headers } = await deferring(args);
    expect(isDeferred).toBe(true);
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('text/html');
  });

  test('preserves every value of a header name that a flat list repeats', async () => {
    const list = ['Set-Cookie', 'a=1', 'Content-Type', 'text/html', 'set-cookie', 'b=2'];
    const { headers } = await deferring([200, list], { 'Set-Cookie': 'old=1' });
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  test('uses the content type from setHeader if writeHead has none', async () => {
    expect(await deferring([200], HTML)).toMatchObject({
      isDeferred: true,
      headers: { 'content-type': 'text/html' },
    });
  });

  test.each<[string, unknown[]]>([
    ['a content type other than HTML', [404, { 'Content-Type': 'text/plain', 'X-Other': 'set' }]],
    ['no content type', [404, { 'X-Other': 'set' }]],
    ['a status that Node rejects', ['404', { ...HTML, 'X-Other': 'set' }]],
  ])('changes nothing for a writeHead call with %s', async (_name, args) => {
    const { isDeferred, status, headers } = await deferring(args);
    expect([isDeferred, status]).toEqual([false, 200]);
    expect(headers).not.toHaveProperty('x-other');
    expect(headers).not.toHaveProperty('content-type');
  });
});

describe('chunkAndCallback', () => {
  const callback = () => {};
  test.each<[string, unknown[], unknown[]]>([
    ['no arguments', [], [undefined, undefined, undefined]],
    ['a callback', [callback], [undefined, undefined, callback]],
    ['a chunk', ['a'], ['a', undefined, undefined]],
    ['a chunk and a callback', ['a', callback], ['a', undefined, callback]],
    ['a chunk and its encoding', ['61', 'hex'], ['61', 'hex', undefined]],
    ['all three', ['61', 'hex', callback], ['61', 'hex', callback]],
    ['a callback that is not a function', ['a', 'utf8', 'callback'], ['a', 'utf8', undefined]],
  ])('returns the chunk, the encoding and the callback of %s', (_name, args, sorted) => {
    expect(chunkAndCallback(args)).toEqual(sorted);
  });
});

describe('toBuffer', () => {
  test.each<[string, unknown, unknown, string | undefined]>([
    ['encodes a string as UTF-8 by default', 'h\u00e9', undefined, 'h\u00e9'],
    ['encodes a string in the given encoding', '6869', 'hex', 'hi'],
    ['returns a Buffer unchanged', Buffer.from('hi'), undefined, 'hi'],
    [
      'converts a view of a part of an ArrayBuffer',
      new Uint8Array([120, 104, 105, 120]).subarray(1, 3),
      undefined,
      'hi',
    ],
    ['returns undefined for a number', 1, undefined, undefined],
    ['returns undefined for an object', {}, undefined, undefined],
  ])('%s', (_name, chunk, encoding, text) => {
    expect(toBuffer(chunk, encoding)?.toString()).toBe(text);
  });
});
