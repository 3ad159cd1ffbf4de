import http from 'node:http';
import type { Response } from 'express';
import { describe, expect, test } from 'vitest';
import { ask, serving } from '../../../test/support/http.js';
import { chunkAndCallback, deferHeaders, toBuffer } from './write-arguments.js';

/** The client's response if `writeHead` is deferred with these arguments, and whether it was deferred. */
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

  test('preserves each value of a name that a flat list repeats', async () => {
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
    ['another type', [404, { 'Content-Type': 'text/plain', 'X-Other': 'set' }]],
    ['no type', [404, { 'X-Other': 'set' }]],
    ['a status that Node rejects', ['404', { ...HTML, 'X-Other': 'set' }]],
  ])('changes nothing for %s', async (_name, args) => {
    const { isDeferred, status, headers } = await deferring(args);
    expect([isDeferred, status]).toEqual([false, 200]);
    expect(headers).not.toHaveProperty('x-other');
    expect(headers).not.toHaveProperty('content-type');
  });
});

describe('chunkAndCallback', () => {
  const callback = () => {};
  test.each<[string, unknown[], unknown[]]>([
    ['nothing', [], [undefined, undefined, undefined]],
    ['a callback', [callback], [undefined, undefined, callback]],
    ['a chunk', ['a'], ['a', undefined, undefined]],
    ['a chunk and a callback', ['a', callback], ['a', undefined, callback]],
    ['a chunk and its encoding', ['61', 'hex'], ['61', 'hex', undefined]],
    ['all three', ['61', 'hex', callback], ['61', 'hex', callback]],
    ['a callback that is not a function', ['a', 'utf8', 'callback'], ['a', 'utf8', undefined]],
  ])('sorts %s', (_name, args, sorted) => {
    expect(chunkAndCallback(args)).toEqual(sorted);
  });
});

describe('toBuffer', () => {
  test.each<[string, unknown, unknown, string | undefined]>([
    ['a string as UTF-8', 'h\u00e9', undefined, 'h\u00e9'],
    ['a string in its encoding', '6869', 'hex', 'hi'],
    ['a Buffer', Buffer.from('hi'), undefined, 'hi'],
    ['a part of an ArrayBuffer', new Uint8Array([120, 104, 105, 120]).subarray(1, 3), undefined, 'hi'],
    ['a number, which Node rejects', 1, undefined, undefined],
    ['an object, which Node rejects', {}, undefined, undefined],
  ])('reads %s', (_name, chunk, encoding, text) => {
    expect(toBuffer(chunk, encoding)?.toString()).toBe(text);
  });
});
