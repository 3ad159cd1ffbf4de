/** Koa 2 under its alias. What the tests use of it is the same in both versions. */
declare module 'koa2' {
  export { default } from 'koa';
}

/** Its own types are for Koa 2. */
declare module 'koa-mount' {
  import type Koa from 'koa';
  export default function mount(path: string, app: Koa | Koa.Middleware): Koa.Middleware;
}
