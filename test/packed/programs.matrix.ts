import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { NODES, STACK_NAMES, STACKS } from './matrix.js';
import { runWith } from './program.js';
import { entries } from './tarballs.js';
import { compile } from './typescript.js';

const nodes = inject('nodes');
const HMAC_TOKEN = 'wyHVRZzzJhjPMKR2h7LpeJVy';

/** What every program of consumer/ tells. */
const STORY = {
  stranger: 401,
  endpoint: 200,
  caching: 'private, no-store',
  identity: {
    identifier: 'user-1',
    identifier_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    name: 'Ada Lovelace',
    email: 'ada@example.com',
  },
  accepted: 200,
  forged: 401,
  verified: ['user-1', false],
  page: { status: 200, caching: 'private, no-store' },
  hashInPage: true,
  script: 200,
  ended: 401,
};

describe.each(STACK_NAMES)('%s', (stack) => {
  const folder = inject('stacks')[stack];
  const { express, koa } = STACKS[stack].dependencies;

  describe.each([
    ['module', 'import'],
    ['commonjs', 'require()'],
  ])('%s', (format, verb) => {
    beforeAll(async () => {
      expect(await compile(join(folder, format), { outDir: 'dist' })).toEqual([]);
    });

    describe.each(NODES)('Node %s', (version) => {
      it.each(['express', 'koa', 'jwt'])(`%s, express ${express}, koa ${koa}: ${verb}`, async (program) => {
        const told = await runWith(nodes[version]!, folder, ['node', join(format, 'dist', `${program}.js`)]);
        const { expired, ...story } = JSON.parse(told);
        expect(story).toEqual(STORY);
        if (program !== 'jwt') expect(expired).toEqual(expect.arrayContaining(['cw_conversation']));
      });
    });
  });
});
