/**
 * Refuses options that nobody reads: a misspelled `allowedOrigins` must not fail in silence.
 *
 * @param owner what takes the options, as the app wrote it
 * @param options what the app passed
 * @param known the names that are read
 * @throws {TypeError} naming the option and, where one is close, the right spelling
 */
export function checkOptions(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${owner} takes an object with these options: ${known.join(', ')}.`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = known.find((candidate) => plain(candidate) === plain(name));
    throw new TypeError(
      `${owner} has no option ${JSON.stringify(name)}. ${meant ? `Write "${meant}".` : `It takes: ${known.join(', ')}.`}`,
    );
  }
}

function plain(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}
