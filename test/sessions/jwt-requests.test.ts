import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { jwtSession } from '@chatwoot-identity/jwt';
import express from 'express';
import { SignJWT } from 'jose';
import Koa from 'koa';
import { afterEach, describe, expect, it } from 'vitest';
import { type Running, serve } from './server.js';
import { Visitor } from './visitor.js';

// The older versions are typed with the declarations of the current versions.
const require = createRequire(import.meta.url);
const express4 = require('express4') as typeof express;
const Koa2 = require('koa2') as typeof Koa;

const secret = new Uint8Array(32).fill(7);
const session = jwtSession({ secret, algorithms: ['HS256'], issuer: false, audience: false });
const token = await new SignJWT({ sub: 'user-1' }).setProtectedHeader({ alg: 'HS256' }).sign(secret);

/** Servers that pass a request object of their framework to `jwtSession` and respond with the claims. */
const servers: Record<string, () => RequestListener | Promise<RequestListener>> = {
  'an Express 5 req': () => express().use(async (req, res) => void res.json(await session(req))),
  'an Express 4 req': () => express4().use(async (req, res) => void res.json(await session(req))),
  'a Koa 3 ctx': () => {
    const app = new Koa();
    app.use(async (ctx) => {
      ctx.body = JSON.stringify(await session(ctx));
    });
    return app.callback();
  },
  'a Koa 2 ctx': () => {
    const app = new Koa2();
    app.use(async (ctx) => {
      ctx.body = JSON.stringify(await session(ctx));
    });
    return app.callback();
  },
  'a node:http request': () => async (req, res) => res.end(JSON.stringify(await session(req))),
  'a web Request': () => async (req, res) => {
    const request = new Request(`http://${req.headers.host}${req.url}`, {
      headers: req.headers as HeadersInit,
    });
    res.end(JSON.stringify(await session(request)));
  },
  'an object with only headers, as in a Next.js server component': () => async (req, res) => {
    const headers = async () => new Headers(req.headers as HeadersInit);
    res.end(JSON.stringify(await session({ headers: await headers() })));
  },
};

describe('jwtSession reads the token from', () => {
  let app: Running;

  afterEach(() => app.close());

  it.each(Object.entries(servers))('%s', async (_, create) => {
    app = await serve(create);
    const visitor = new Visitor(app.origin);
    expect(await (await visitor.get('/')).json()).toBeNull();
    visitor.token = token;
    expect(await (await visitor.get('/')).json()).toEqual({ sub: 'user-1' });
    visitor.token = `${token}x`;
    expect(await (await visitor.get('/')).json()).toBeNull();
  });
});
