import koa3 from 'koa';
import koa2 from 'koa2';
import { describeEndpoint } from './conformance.js';
import { koaApp } from './koa.js';
import { ENDPOINT, MIDDLEWARE } from './table.js';

describeEndpoint('Koa 3', koaApp(koa3), [...ENDPOINT, ...MIDDLEWARE]);
describeEndpoint('Koa 2', koaApp(koa2), [...ENDPOINT, ...MIDDLEWARE]);
