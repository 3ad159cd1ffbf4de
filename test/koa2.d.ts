/** Koa 2 under its alias. What the tests use of it is the same in both versions. */
declare module 'koa2' {
  export { default } from 'koa';
}
