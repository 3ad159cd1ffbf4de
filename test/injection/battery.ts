import type { Server } from 'node:http';
import { describe, expect, test } from 'vitest';
import { findMarkup, headersOfTheApp, type InjectionCase, injectionCases, placeOf } from './cases.js';
import { ask, serving } from './http.js';

/** Builds an app that answers every request with a case's page, with or without the chat put into it. */
export type BuildApp = (page: InjectionCase, inject: boolean) => Server;

/** The user that the battery's apps take for signed in. */
export const ADA = {
  identifier: 'user-1',
  name: "Ada O'Brien </script><script>alert(1)</script>",
  email: 'ada@example.com',
};
export const INBOX = {
  hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  websiteToken: 'website-token',
  baseUrl: 'https://chat.example.com/',
};

/** Runs every case of the battery against one way of answering. */
export function battery(name: string, build: BuildApp): void {
  describe(name, () => {
    test.each(injectionCases)('$name: $expect', async (page) => {
      const alone = await serving(build(page, false), (url) => ask(url, page.request));
      const ours = await serving(build(page, true), (url) => ask(url, page.request));

      if (page.expect === 'untouched') {
        expect(ours.status).toBe(alone.status);
        expect(headersOfTheApp(ours.headers)).toEqual(headersOfTheApp(alone.headers));
        expect(ours.headers['content-length']).toBe(alone.headers['content-length']);
        expect(ours.body.equals(alone.body)).toBe(true);
        return;
      }

      expect(ours.headers['cache-control']).toBe('private, no-store');
      for (const header of [
        'etag',
        'last-modified',
        'accept-ranges',
        'expires',
        'surrogate-control',
        'cdn-cache-control',
        'akamai-cache-control',
        'x-litespeed-cache-control',
        'x-accel-expires',
        'content-md5',
      ]) {
        expect(ours.headers, header).not.toHaveProperty(header);
      }
      if (page.expect === 'headers') {
        expect(ours.status).toBe(alone.status);
        expect(ours.body.length).toBe(0);
        expect(ours.headers['content-length']).toBeUndefined();
        return;
      }

      // The app alone may answer 304 to validators; with an identity in the page it never may.
      const original = alone.status === 304 ? Buffer.from(page.body as string) : alone.body;
      expect(ours.status).toBe(page.status ?? 200);
      const found = findMarkup(ours.body);
      expect(found, 'no markup in the page').toBeDefined();
      expect(found!.data.identity).toMatchObject(ADA);
      expect(found!.without.equals(original)).toBe(true);
      expect(found!.at).toBe(placeOf(original));
      const length = ours.headers['content-length'];
      if (length !== undefined) expect(Number(length)).toBe(ours.body.length);
    });
  });
}
