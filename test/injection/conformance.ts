import type { Server } from 'node:http';
import { describe, expect, test } from 'vitest';
import { ADA } from '../support/ada.js';
import { type Answer, ask, NAVIGATION, serving } from '../support/http.js';
import { findMarkup } from '../support/markup.js';
import { headersOfTheApp, type InjectionCase, injectionCases, placeOf } from './cases.js';

/** The two modes of injection. */
export const MODES = [true, 'inline'] as const;
export type Mode = (typeof MODES)[number];

/** Builds an app that responds to every request with the page of a case, with or without the chat. */
export type BuildApp = (page: InjectionCase, inject: Mode | undefined) => Server;

/** Headers that let a cache store or revalidate a page. */
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
/** Headers that describe the bytes of the body. */
const BODY = ['accept-ranges', 'content-md5'];

/** Starts the app of a case, sends one request, and returns the response. */
export type AnswerCase = (
  page: InjectionCase,
  inject: Mode | undefined,
  request: NonNullable<InjectionCase['request']>,
) => Promise<Answer>;

/**
 * Tests every injection case with one kind of app, in both modes.
 *
 * @param framing whether the app or the server decides if a body that is not a page has a Content-Length
 */
export function testInjection(name: string, build: BuildApp, framing: 'app' | 'server' = 'app'): void {
  testInjectionAnswers(
    name,
    (page, inject, request) => serving(build(page, inject), (url) => ask(url, request)),
    framing,
  );
}

export function testInjectionAnswers(name: string, answer: AnswerCase, framing: 'app' | 'server'): void {
  // Without the middleware, the app sends the same response in both modes.
  const responsesAlone = new Map<InjectionCase, Answer>();

  describe.each(MODES)(`${name}, inject: %j:`, (mode) => {
    // `%s`, because Vitest quotes and truncates `$name`.
    const cases = injectionCases.map((page) => [page.name, page.expect, page] as const);
    test.each(cases)('%s: %s', async (_name, _expect, page) => {
      const request = { ...page.request, headers: { ...NAVIGATION, ...page.request?.headers } };
      const alone = responsesAlone.get(page) ?? (await answer(page, undefined, request));
      responsesAlone.set(page, alone);
      const ours = await answer(page, mode, request);

      if (page.expect === 'unchanged') {
        expect(ours.status).toBe(alone.status);
        expect(headersOfTheApp(ours.headers)).toEqual(headersOfTheApp(alone.headers));
        const length = framing === 'app' ? alone.headers['content-length'] : ours.headers['content-length'];
        expect(ours.headers['content-length']).toBe(length);
        if (length !== undefined) expect(Number(length)).toBe(alone.body.length);
        expect(ours.body.equals(alone.body)).toBe(true);
        return;
      }

      for (const header of BODY) expect(ours.headers, header).not.toHaveProperty(header);
      if (mode === 'inline') {
        expect(ours.headers['cache-control']).toBe('private, no-store');
        for (const header of CACHING) expect(ours.headers, header).not.toHaveProperty(header);
      } else {
        // Without the middleware, the app responds with 304 to the validators of this page. Both responses have the same
        // entity tag.
        const { etag = undefined, ...caching } = pick(alone.headers, ['cache-control', ...CACHING]);
        const tagged = etag?.replace(/"$/, `-cw${digestIn(ours.headers.etag)}"`);
        if (alone.status !== 304) expect(pick(ours.headers, Object.keys(caching))).toEqual(caching);
        expect(ours.headers.etag).toBe(tagged);
      }
      if (page.expect === 'headers only') {
        expect(ours.status).toBe(alone.status);
        expect(ours.body.length).toBe(0);
        const get = await answer(page, mode, { headers: request.headers });
        const length = ours.headers['content-length'];
        if (length !== undefined) expect(Number(length)).toBe(get.body.length);
        return;
      }

      // Without the middleware, the app may respond with 304 to validators. A page with added markup must not.
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
