import { expect, test } from 'vitest';
import { dropConditionalHeaders, restoreETags, tagETag } from './conditional-request.js';

const accept = 'text/html,application/xhtml+xml';
const DATE = 'Sat, 21 Nov 2026 10:00:00 GMT';

test('tagETag adds the digest inside the quotes of a strong or weak ETag', () => {
  expect(tagETag('"abc"', '12345678')).toBe('"abc-cw12345678"');
  expect(tagETag('W/"abc"', '12345678')).toBe('W/"abc-cw12345678"');
  expect(tagETag('malformed', '12345678')).toBe('malformed');
});

test.each<[string, Record<string, string>, boolean, Record<string, string>]>([
  [
    "restores the app's ETag if the visitor's copy has the current markup",
    { 'if-none-match': 'W/"abc-cw1"', 'if-modified-since': DATE },
    true,
    { 'if-none-match': 'W/"abc"', 'if-modified-since': DATE },
  ],
  [
    'removes ETags that do not contain the current digest',
    { 'if-none-match': '"a", "b,c-cw1" , W/"d-cw2"' },
    true,
    { 'if-none-match': '"b,c"' },
  ],
  [
    'removes the conditional headers if the ETag contains no digest',
    { 'if-none-match': '"abc"', 'if-modified-since': DATE },
    false,
    {},
  ],
  ['removes If-None-Match if the ETag contains another digest', { 'if-none-match': '"abc-cw2"' }, false, {}],
  ['removes If-None-Match: *', { 'if-none-match': '*' }, false, {}],
  ['removes If-Modified-Since without If-None-Match', { 'if-modified-since': DATE }, false, {}],
])('in a request for a page, restoreETags %s', (_name, conditional, current, left) => {
  const request = { method: 'GET', headers: { accept, ...conditional } };
  expect(restoreETags(request, '1')).toBe(current);
  expect(request.headers).toEqual({ accept, ...left });
});

test.each<[string, string, Record<string, string>]>([
  ['a request for a style sheet', 'GET', { accept: 'text/css,*/*;q=0.1', 'if-none-match': '"abc"' }],
  ['a request for a script without Fetch Metadata', 'GET', { accept: '*/*', 'if-none-match': '"abc"' }],
  ['a conditional write', 'PUT', { accept, 'if-none-match': '*' }],
])('restoreETags and dropConditionalHeaders do not change the headers of %s', (_name, method, headers) => {
  const request = { method, headers: { ...headers } };
  expect(restoreETags(request, '1')).toBe(false);
  dropConditionalHeaders(request);
  expect(request.headers).toEqual(headers);
});

test("restoreETags restores the app's ETag in a fetch() of a page, so that the app can respond with 304", () => {
  const request = { headers: { accept: '*/*', 'if-none-match': '"abc-cw1"' } };
  expect(restoreETags(request, '1')).toBe(true);
  expect(request.headers['if-none-match']).toBe('"abc"');
});

test('dropConditionalHeaders deletes a header instead of setting it to an empty string', () => {
  const request = { headers: { 'sec-fetch-mode': 'navigate', 'if-none-match': '"abc"' } };
  dropConditionalHeaders(request);
  expect(request.headers).not.toHaveProperty('if-none-match');
});
