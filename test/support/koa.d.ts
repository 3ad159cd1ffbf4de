/** Declares Koa 2 under its alias `koa2`. The API that the tests use is the same in Koa 2 and 3. */
declare module 'koa2' {
  export { default } from 'koa';
}

/** Declares koa-mount here, because its published types are for Koa 2 only. */
declare module 'koa-mount' {
  import type Koa from 'koa';
  export default function mount(path: string, app: Koa | Koa.Middleware): Koa.Middleware;
}
