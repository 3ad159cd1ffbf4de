/** A document, a script or a source map of the page. */
export interface PageFile {
  readonly kind: 'page' | 'RSC payload' | 'script' | 'source map';
  /** The name of the file in messages, for example `the script /app.js`. */
  readonly name: string;
  readonly headers: Headers;
  readonly text: string;
}
