/**
 * Throws if an option is unknown, because a misspelled option such as `allowedorigins` must not be ignored
 * silently.
 *
 * @param owner the name of the function or option that accepts these options, as the app writes it
 * @param options the app's options
 * @param known the names of all valid options
 * @throws {TypeError} with the option's name and, if a valid name is similar, the correct spelling
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
 * Throws if an option is set and is not a function.
 *
 * @param example a valid function, for the message
 * @throws {TypeError} with the option's name and the example
 */
export function checkFunction(name: string, option: unknown, example: string): void {
  if (option === undefined || typeof option === 'function') return;
  throw new TypeError(`${name} must be a function, for example ${example}.`);
}

/**
 * Throws if an option is set and is not one of the allowed values.
 *
 * @throws {TypeError} with the option's name and the allowed values
 */
export function checkChoice(name: string, option: unknown, choices: readonly string[]): void {
  if (option === undefined || choices.includes(option as string)) return;
  throw new TypeError(`${name} must be ${choices.map((choice) => `'${choice}'`).join(' or ')}.`);
}

/**
 * Returns a message if a required option is missing and an option with a similar name is present. Ignores
 * other unknown properties, so that a database row can be passed directly.
 */
export function misspelling(owner: string, options: object, known: readonly string[]): string | undefined {
  const missing = known.filter((name) => (options as Record<string, unknown>)[name] === undefined);
  for (const name of Object.keys(options)) {
    const advice = known.includes(name) ? undefined : adviceOn(name, missing);
    if (advice) return `${owner} has no option ${JSON.stringify(name)}. ${advice}`;
  }
  return undefined;
}

/** Returns advice with the correct spelling, if a known name differs only in case, `-` or `_`. */
export function adviceOn(name: string, known: readonly string[]): string | undefined {
  const meant = known.find((candidate) => plain(candidate) === plain(name));
  return meant && `Write "${meant}".`;
}

function plain(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}
