import express5 from 'express';
import express4 from 'express4';
import koa3 from 'koa';
import koa2 from 'koa2';
import { describeEndpoint } from './endpoint/conformance.js';
import { expressApp } from './endpoint/express.js';
import { startWithHono, startWithSrvx } from './endpoint/fetch.js';
import { koaApp } from './endpoint/koa.js';
import { ENDPOINT, MIDDLEWARE } from './endpoint/table.js';

describeEndpoint('Express 5', expressApp(express5), [...ENDPOINT, ...MIDDLEWARE]);
describeEndpoint('Express 4', expressApp(express4), [...ENDPOINT, ...MIDDLEWARE]);
describeEndpoint('Koa 3', koaApp(koa3), [...ENDPOINT, ...MIDDLEWARE]);
describeEndpoint('Koa 2', koaApp(koa2), [...ENDPOINT, ...MIDDLEWARE]);
describeEndpoint('Fetch, @hono/node-server', startWithHono, [...ENDPOINT, ...MIDDLEWARE]);
describeEndpoint('Fetch, srvx', startWithSrvx, [...ENDPOINT, ...MIDDLEWARE]);
