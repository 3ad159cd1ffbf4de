/** Declares Express 4 under its alias `express4`. The API that the tests use is the same in Express 4 and 5. */
declare module 'express4' {
  export { default } from 'express';
}
