/** Koa 2 under its alias. The API that the tests use is the same in both versions. */
declare module 'koa2' {
  export { default } from 'koa';
}

/** koa-etag has types for Koa 2 only. */
declare module 'koa-mount' {
  import type Koa from 'koa';
  export default function mount(path: string, app: Koa | Koa.Middleware): Koa.Middleware;
}
