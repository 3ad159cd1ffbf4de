/** Express 4 under its alias. The API that the tests use is the same in both versions. */
declare module 'express4' {
  export { default } from 'express';
}
