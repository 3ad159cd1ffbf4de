/** It could not be done. The message is one line that says how to mend it, and holds nothing secret. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
