import { describeEndpoint } from './conformance.js';
import { startWithHono, startWithSrvx } from './fetch.js';
import { ENDPOINT, MIDDLEWARE } from './table.js';

describeEndpoint('Fetch, @hono/node-server', startWithHono, [...ENDPOINT, ...MIDDLEWARE]);
describeEndpoint('Fetch, srvx', startWithSrvx, [...ENDPOINT, ...MIDDLEWARE]);
