import { expect, test } from 'vitest';
import { canRunPageScript, findNonce, isSandboxed } from './content-security-policy.js';

test.each([
  [[undefined, 'first'], undefined, 'first'],
  [['', 'a b', 'second'], undefined, 'second'],
  [[], "default-src 'self'; script-src 'self' 'nonce-abc+/='", 'abc+/='],
  [[], "script-src 'self'; style-src 'nonce-style'", undefined],
  [[], "Default-Src 'nonce-base64url_-'", 'base64url_-'],
  [[], "default-src 'nonce-AAA'; script-src 'nonce-BBB'", 'BBB'],
  [[], "script-src 'nonce-AAA'; script-src-elem 'nonce-BBB'", 'BBB'],
  [[], "script-src 'self' 'nonce-a$b' 'nonce-'", undefined],
  [['"><script>'], "script-src 'nonce-\"><script>'", undefined],
])('for the named nonces %j and the policy %j, findNonce returns %j', (named, policy, nonce) => {
  expect(findNonce(named, policy)).toBe(nonce);
});

test.each([
  [undefined, true],
  ["default-src 'self'", true],
  ["default-src 'none'", false],
  ["default-src 'none'; script-src 'self'", true],
  ["script-src 'self'; script-src-elem 'none'", false],
  ["script-src 'sha256-abc='", false],
  ["script-src 'nonce-abc'", true],
  ["script-src 'self'; script-src 'none'", true],
  ["script-src 'none'; script-src 'self'", false],
  ["script-src 'nonce-a$b'", false],
  ['script-src blob: data:', false],
  ['script-src https:', true],
  ["script-src 'self' 'strict-dynamic'", false],
  ["script-src 'nonce-abc' 'strict-dynamic'", true],
  ['script-src', false],
  ['script-src https://cdn.example.com', true],
  ['script-src *', true],
  ["style-src 'none'; frame-ancestors 'self'", true],
  ["Script-Src 'NONE'", false],
  ['sandbox', false],
  ['sandbox allow-scripts', false],
  ['sandbox allow-scripts allow-same-origin', true],
  ["default-src 'self', default-src 'none'", false],
])('for the policy %j, canRunPageScript returns %j', (policy, runs) => {
  expect(canRunPageScript(policy)).toBe(runs);
});

test.each([
  [undefined, false],
  ['sandbox', true],
  ["default-src 'self'; sandbox allow-scripts allow-same-origin", true],
  ["default-src 'self', Sandbox", true],
  ["script-src 'self' https://sandbox.example.com", false],
])('for the policy %j, isSandboxed returns %j', (policy, sandboxed) => {
  expect(isSandboxed(policy)).toBe(sandboxed);
});
