/**
 * The error of a command that could not run. Its message is one line, explains how to fix the problem, and contains
 * no secret.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
}
