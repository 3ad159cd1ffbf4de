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
    const advice = adviceOn(name, known) ?? `It takes: ${known.join(', ')}.`;
    throw new TypeError(`${owner} has no option ${JSON.stringify(name)}. ${advice}`);
  }
}

/**
 * Says which option is missing because it is spelt otherwise; undefined when none is. Other names may stand beside them,
 * as in the row of a database.
 */
export function misspelling(owner: string, options: object, known: readonly string[]): string | undefined {
  const missing = known.filter((name) => (options as Record<string, unknown>)[name] === undefined);
  for (const name of Object.keys(options)) {
    const advice = known.includes(name) ? undefined : adviceOn(name, missing);
    if (advice) return `${owner} has no option ${JSON.stringify(name)}. ${advice}`;
  }
  return undefined;
}

function adviceOn(name: string, known: readonly string[]): string | undefined {
  const meant = known.find((candidate) => plain(candidate) === plain(name));
  return meant && `Write "${meant}".`;
}

function plain(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}
