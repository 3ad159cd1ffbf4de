import { isUtf8 } from 'node:buffer';
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import type { Params } from './verification.js';

/** Reads JSON and form bodies the way Rails does: text that is not well-formed Unicode is a 400. */
export const readBody: RequestHandler[] = [
  express.json({
    limit: '1mb',
    verify: (_request, _response, body) => {
      if (!isUtf8(body)) throw Object.assign(new SyntaxError('The body is not UTF-8'), { status: 400 });
    },
    reviver: (_key, value) => {
      if (typeof value === 'string' && !value.isWellFormed()) throw new SyntaxError('A lone surrogate');
      return value;
    },
  }),
  express.urlencoded({ extended: true, limit: '1mb' }),
];

/** The parameters of a request. As in Rails, the query wins over the same field of the body. */
export const paramsOf = (request: Request): Params => ({ ...request.body, ...request.query });

/** Chatwoot's answer for whatever does not exist or may not be seen. */
export const notFound: RequestHandler = (_request, response) => {
  response.status(404).json({ error: 'Resource could not be found' });
};

/** A body that cannot be read is answered with its status and no text. */
export const unreadable: ErrorRequestHandler = (error, _request, response, next) => {
  if (typeof error?.status === 'number' && error.status < 500) response.status(error.status).end();
  else next(error);
};

/** Any other origin may read the answer. */
export const anyOrigin: RequestHandler = (request, response, next) => {
  response.set({ 'Access-Control-Allow-Origin': '*' });
  if (request.method !== 'OPTIONS') return next();
  response
    .set({ 'Access-Control-Allow-Methods': '*', 'Access-Control-Allow-Headers': '*' })
    .status(204)
    .end();
};
