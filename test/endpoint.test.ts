import express5 from 'express';
import express4 from 'express4';
import { describeEndpoint } from './endpoint/conformance.js';
import { expressApp } from './endpoint/express.js';
import { ENDPOINT, MIDDLEWARE } from './endpoint/table.js';

describeEndpoint('Express 5', expressApp(express5), [...ENDPOINT, ...MIDDLEWARE]);
describeEndpoint('Express 4', expressApp(express4), [...ENDPOINT, ...MIDDLEWARE]);
