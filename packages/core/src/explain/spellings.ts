/** The same number as other languages and formatters write it; Ruby writes 1e21 as 1.0e+21. */
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

/** Escaped as the template languages do it, and unescaped. */
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

/** Encoded as a path or a form does it, and decoded; URLSearchParams never throws, decodeURIComponent does. */
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
