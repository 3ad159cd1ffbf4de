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
 * Refuses a function that could not be called when it is needed.
 *
 * @param example shows how to write one
 * @throws {TypeError} naming the option
 */
export function checkFunction(name: string, option: unknown, example: string): void {
  if (option === undefined || typeof option === 'function') return;
  throw new TypeError(`${name} must be a function, for example ${example}.`);
}

/**
 * Refuses a choice that does not exist.
 *
 * @throws {TypeError} naming the option and what there is to choose from
 */
export function checkChoice(name: string, option: unknown, choices: readonly string[]): void {
  if (option === undefined || choices.includes(option as string)) return;
  throw new TypeError(`${name} must be ${choices.map((choice) => `'${choice}'`).join(' or ')}.`);
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

/** Says how a name is spelt, when another spelling of it is known. */
export function adviceOn(name: string, known: readonly string[]): string | undefined {
  const meant = known.find((candidate) => plain(candidate) === plain(name));
  return meant && `Write "${meant}".`;
}

function plain(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}
