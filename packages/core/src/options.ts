/**
 * Refuses options that nobody reads: a misspelled `allowedOrigins` must not fail in silence.
 *
 * @param options what the app passed
 * @param known the names that are read
 * @throws {TypeError} naming the option and, where one is close, the right spelling
 */
export function checkOptions(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || 'headers' in options) {
    throw new TypeError(
      'chatwootIdentity takes one object of options and returns the middleware: app.use(chatwootIdentity({ inbox, contact })).',
    );
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = known.find(
      (candidate) => candidate.toLowerCase() === name.toLowerCase().replaceAll(/[-_]/g, ''),
    );
    throw new TypeError(
      `Unknown option ${JSON.stringify(name)}. ${meant ? `Write "${meant}".` : `Known options: ${known.join(', ')}.`}`,
    );
  }
}
