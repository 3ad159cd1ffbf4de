/** A command could not do its work. The message is one line that says how to fix it, and contains no secret. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
