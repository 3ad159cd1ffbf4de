// @ts-check
// Compares the cost of one signature by core with the code in Chatwoot's documentation, and with a key object that is
// created once for createHmac. Usage after a build: `node test/bench/signing.js [--quick]`
import { createHmac, createSecretKey } from 'node:crypto';
import { prepareKey } from '../../packages/core/dist/identity/hmac.js';
import { inbox } from './app.js';
import { machine, printTable, shuffled, summary } from './compare.js';

const rounds = process.argv.includes('--quick') ? 11 : 51;
const SIGNATURES = 5000;
const key = createSecretKey(inbox.hmacToken, 'utf8');

/** @type {Record<string, (identifier: string) => string>} */
const engines = {
  'by hand': (identifier) => createHmac('sha256', inbox.hmacToken).update(identifier).digest('hex'),
  KeyObject: (identifier) => createHmac('sha256', key).update(identifier).digest('hex'),
  ours: prepareKey(inbox.hmacToken),
};

/** @type {string[][]} */
const rows = [];
for (const length of [4, 20, 64]) {
  const identifiers = Array.from({ length: SIGNATURES }, (_, index) => String(index).padStart(length, 'x'));
  /** @type {Record<string, number>[]} */
  const measured = [];
  for (let round = -3; round < rounds; round++) {
    /** @type {Record<string, number>} */
    const slot = {};
    for (const [name, sign] of shuffled(Object.entries(engines))) {
      const began = process.hrtime.bigint();
      for (const identifier of identifiers) sign(identifier);
      slot[name] = Number(process.hrtime.bigint() - began) / SIGNATURES;
    }
    if (round >= 0) measured.push(slot);
  }
  const ratio = (/** @type {string} */ name) =>
    summary(measured.map((slot) => (slot['by hand'] ?? 0) / (slot[name] ?? 0)));
  rows.push([`${length} bytes`, ratio('ours'), ratio('KeyObject')]);
}

console.log(`\nSigning: how many times as fast as createHmac with the token\n${machine([])}`);
printTable([['', 'ours', 'KeyObject'], ...rows]);
