import { isUtf8 } from 'node:buffer';
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import type { Params } from './verification.js';

/**
 * Parses JSON and form bodies as Rails does: text that is not well-formed Unicode results in a 400 response.
 */
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

/** Returns the parameters of a request. As in Rails, the query takes precedence over the body. */
export const paramsOf = (request: Request): Params => ({ ...request.body, ...request.query });

/** Sends Chatwoot's response for a resource that does not exist or that the visitor may not see. */
export const notFound: RequestHandler = (_request, response) => {
  response.status(404).json({ error: 'Resource could not be found' });
};

/** Responds to a body that cannot be parsed with the status of the parser's error and an empty body. */
export const unreadable: ErrorRequestHandler = (error, _request, response, next) => {
  if (typeof error?.status === 'number' && error.status < 500) response.status(error.status).end();
  else next(error);
};

/** Allows every origin to read the response. */
export const anyOrigin: RequestHandler = (request, response, next) => {
  response.set({ 'Access-Control-Allow-Origin': '*' });
  if (request.method !== 'OPTIONS') return next();
  response
    .set({ 'Access-Control-Allow-Methods': '*', 'Access-Control-Allow-Headers': '*' })
    .status(204)
    .end();
};
