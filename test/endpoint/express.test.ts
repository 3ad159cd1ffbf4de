import express5 from 'express';
import express4 from 'express4';
import { describeEndpoint } from './conformance.js';
import { expressApp } from './express.js';
import { ENDPOINT, MIDDLEWARE } from './table.js';

describeEndpoint('Express 5', expressApp(express5), [...ENDPOINT, ...MIDDLEWARE]);
describeEndpoint('Express 4', expressApp(express4), [...ENDPOINT, ...MIDDLEWARE]);
