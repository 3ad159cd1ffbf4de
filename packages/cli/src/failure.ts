/**
 * The error of a command that could not run. The message is a single line that explains how to fix the
 * problem and contains no secret.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
}
