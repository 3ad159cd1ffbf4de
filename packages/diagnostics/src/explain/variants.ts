/**
 * Returns the number in the formats of other languages and formatters. Ruby, for example, writes 1e21 as
 * 1.0e+21.
 */
export function numberFormats(identifier: string): string[] {
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(identifier)) return [];
  const number = Number(identifier);
  const plain = String(number);
  const exponent = number.toExponential();
  const formats = [plain, `${plain}.0`, number.toFixed(2), exponent, exponent.replace(/^(-?\d)e/, '$1.0e')];
  for (const locale of ['en', 'de', 'fr']) formats.push(number.toLocaleString(locale));
  if (Number.isInteger(number)) {
    formats.push(String(BigInt(number)));
    for (let width = 2; width <= 12; width++) formats.push(plain.padStart(width, '0'));
  }
  return [...formats, ...formats.map((format) => format.toUpperCase())];
}

/** Returns the identifier with the HTML escapes of several template languages, and unescaped. */
export function htmlEscapes(identifier: string): string[] {
  const quotes = [
    ['"', "'"],
    ['&quot;', "'"],
    ['&quot;', '&#39;'],
    ['&#34;', '&#39;'],
    ['&quot;', '&#039;'],
    ['&quot;', '&#x27;'],
    ['&quot;', '&apos;'],
  ] as const;
  const escaped = quotes.map(([double, single]) =>
    identifier
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', double)
      .replaceAll("'", single),
  );
  const raw = identifier
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replace(/&quot;|&#34;/g, '"')
    .replace(/&#0?39;|&#x27;|&apos;/gi, "'")
    .replaceAll('&amp;', '&');
  return [...escaped, raw];
}

/**
 * Returns the identifier in two URL encodings, for paths and for forms, and URL-decoded. URLSearchParams never
 * throws, unlike decodeURIComponent.
 */
export function urlEncodings(identifier: string): string[] {
  const decode = (text: string) => new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') as string;
  return [
    encodeURIComponent(identifier.toWellFormed()),
    encodeURI(identifier.toWellFormed()),
    new URLSearchParams({ v: identifier }).toString().slice(2),
    decode(identifier),
    decode(identifier.replaceAll('+', '%2B')),
  ];
}

/** Returns a UUID in the formats of databases and languages: with dashes, without dashes, and in braces. */
export function uuidFormats(identifier: string): string[] {
  const digits = identifier.replace(/^(?:urn:uuid:|\{)|[-}]/gi, '');
  const [, ...parts] = /^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/.exec(digits) ?? [];
  if (!/^[0-9a-f]{32}$/i.test(digits)) return [];
  const dashed = parts.join('-');
  return [digits, dashed, `{${dashed}}`, `urn:uuid:${dashed}`].flatMap((uuid) => [
    uuid,
    uuid.toLowerCase(),
    uuid.toUpperCase(),
  ]);
}

/** Returns the part after each separator, as in `auth0|abc`, the longest part first. */
export function lastParts(identifier: string): string[] {
  const separators = [...identifier.matchAll(/[_:|/-](?=.)/gs)].slice(0, 5);
  return separators.map(({ index }) => identifier.slice(index + 1));
}

/** Returns the identifier with prefixes that apps often add to ids. */
export function withPrefixes(identifier: string): string[] {
  const words = ['user', 'users', 'customer', 'account'];
  return [...words.flatMap((word) => ['_', '-', ':', '/'].map((sign) => word + sign)), 'auth0|'].map(
    (prefix) => prefix + identifier,
  );
}

/** Returns an identifier or an email address in other letter cases. */
export function letterCases(text: string): string[] {
  const lower = text.toLowerCase();
  const words = (from: string, boundary: RegExp) => from.replace(boundary, (letter) => letter.toUpperCase());
  return [
    lower,
    text.toUpperCase(),
    words(lower, /^./u),
    words(text, /^./u),
    words(lower, /(?<![\p{L}\d])\p{L}/gu),
    words(lower, /(?<=^|@)\p{L}/gu),
    words(lower, /(?<!\p{L})\p{L}/gu),
    // Capitalized name parts, as in Ada.Lovelace@example.com, and the domain alone in lower case.
    words(lower, /(?<![\p{L}\d])\p{L}(?=.*@)/gu),
    text.replace(/@.*$/, (domain) => domain.toLowerCase()),
    text.replace(/^./u, (letter) => letter.toLowerCase()),
  ];
}

/** Returns a string in the debugging formats of several languages. */
export function debugForms(identifier: string): string[] {
  const bytes = Array.from(Buffer.from(identifier)).join(' ');
  return [
    pythonBytes(identifier),
    `'${identifier}'`, // repr() of Python
    `('${identifier}',)`, // a database row printed by Python
    `(${identifier},)`,
    `["${identifier}"]`,
    `['${identifier}']`,
    `[${identifier}]`,
    `:${identifier}`, // a symbol in Ruby
    `:"${identifier}"`,
    `[${bytes}]`, // []byte printed by Go
    `s:${Buffer.byteLength(identifier)}:"${identifier}";`, // serialize() of PHP
  ];
}

/** Returns the text that Python prints for `str(b'...')`. */
export function pythonBytes(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (character === quote || character === '\\') return `\\${character}`;
    const named = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }[character];
    return named ?? (byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, '0')}` : character);
  });
  return `b${quote}${escaped.join('')}${quote}`;
}
