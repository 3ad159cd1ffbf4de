import type { Server } from 'node:http';
import { describe, expect, test } from 'vitest';
import { ADA } from '../support/ada.js';
import { type Answer, ask, NAVIGATION, serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup } from '../support/markup.js';
import { headersOfTheApp, type InjectionCase, injectionCases, placeOf } from './cases.js';

export { ADA, INBOX, NAVIGATION };

/** The two ways of putting the chat into pages. */
export const MODES = [true, 'inline'] as const;
export type Mode = (typeof MODES)[number];

/** Builds an app that answers every request with a case's page, with the chat in it or without. */
export type BuildApp = (page: InjectionCase, inject: Mode | undefined) => Server;

/** Headers that allow a cache to store or revalidate a page, or describe the bytes of its body. */
const CACHING = [
  'etag',
  'last-modified',
  'expires',
  'surrogate-control',
  'cdn-cache-control',
  'akamai-cache-control',
  'x-litespeed-cache-control',
  'x-accel-expires',
];
const BODY = ['accept-ranges', 'content-md5'];

/** Runs every case of the battery against one way of answering, in both modes. */
export function battery(name: string, build: BuildApp): void {
  // The oracle is the same in both modes.
  const oracle = new Map<InjectionCase, Answer>();

  describe.each(MODES)(`${name}, inject: %j`, (mode) => {
    test.each(injectionCases)('$name: $expect', async (page) => {
      const request = { ...page.request, headers: { ...NAVIGATION, ...page.request?.headers } };
      const alone = oracle.get(page) ?? (await serving(build(page, undefined), (url) => ask(url, request)));
      oracle.set(page, alone);
      const ours = await serving(build(page, mode), (url) => ask(url, request));

      if (page.expect === 'untouched') {
        expect(ours.status).toBe(alone.status);
        expect(headersOfTheApp(ours.headers)).toEqual(headersOfTheApp(alone.headers));
        expect(ours.headers['content-length']).toBe(alone.headers['content-length']);
        expect(ours.body.equals(alone.body)).toBe(true);
        return;
      }

      for (const header of BODY) expect(ours.headers, header).not.toHaveProperty(header);
      if (mode === 'inline') {
        expect(ours.headers['cache-control']).toBe('private, no-store');
        for (const header of CACHING) expect(ours.headers, header).not.toHaveProperty(header);
      } else {
        // The app alone answers 304 to the validators of this page; its entity tag is the same one.
        const { etag = undefined, ...caching } = pick(alone.headers, ['cache-control', ...CACHING]);
        const tagged = etag?.replace(/"$/, `-cw${digestIn(ours.headers.etag)}"`);
        if (alone.status !== 304) expect(pick(ours.headers, Object.keys(caching))).toEqual(caching);
        expect(ours.headers.etag).toBe(tagged);
      }
      if (page.expect === 'headers') {
        expect(ours.status).toBe(alone.status);
        expect(ours.body.length).toBe(0);
        const get = await serving(build(page, mode), (url) => ask(url, { headers: request.headers }));
        const length = ours.headers['content-length'];
        if (length !== undefined) expect(Number(length)).toBe(get.body.length);
        return;
      }

      // The app alone may answer 304 to validators; a page with other markup never may.
      const original = alone.status === 304 ? Buffer.from(page.body as string) : alone.body;
      expect(ours.status).toBe(page.status ?? 200);
      const found = findMarkup(ours.body);
      expect(found, 'no markup in the page').toBeDefined();
      if (mode === 'inline' && page.expect === 'injected') expect(found!.data.identity).toMatchObject(ADA);
      else expect(found!.data).not.toHaveProperty('identity');
      expect(found!.without.equals(original)).toBe(true);
      expect(found!.at).toBe(placeOf(original));
      const length = ours.headers['content-length'];
      if (length !== undefined) expect(Number(length)).toBe(ours.body.length);
    });
  });
}

function pick(headers: NodeJS.Dict<string | string[]>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : [])));
}

function digestIn(etag: string | undefined): string | undefined {
  return /-cw([0-9a-f]{8})"$/.exec(etag ?? '')?.[1];
}
