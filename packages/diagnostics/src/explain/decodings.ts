import type { MistakeCode } from './mistakes.js';

/**
 * One decoding of the given hash: the hex digits of the digest, and the mistakes in the notation of these
 * digits.
 */
export interface Decoding {
  readonly value: string;
  readonly mistakes: readonly MistakeCode[];
}

/** Converts other notations of a digest back to lower-case hex. */
export function decodings(identifierHash: string): Decoding[] {
  return unwrapped(identifierHash).flatMap((text) => {
    const wrapped: MistakeCode[] = text === identifierHash ? [] : ['hash_wrapped'];
    return forms(text).map(([value, ...written]) => ({ value, mistakes: [...written, ...wrapped] }));
  });
}

/** Returns the text itself, and the parts of it that may be the hash. */
function unwrapped(text: string): string[] {
  const bare = text
    .trim()
    .replace(/^b?(["'])(.*)\1$/s, '$2')
    .replace(/^(?:0x|(?:hmac-)?sha-?256[=:]|[\w-]*\([^)]*\)= )/i, '')
    .replace(/\r?\n/g, '')
    .trim();
  // openssl dgst and sha256sum print other words around the digits.
  const digits = /(?<![0-9a-z])[0-9a-f]{32,128}(?![0-9a-z])/i.exec(bare)?.[0];
  return [...new Set([text, bare, digits ?? bare])];
}

type Form = readonly [value: string, ...MistakeCode[]];

function forms(text: string): Form[] {
  const read: Form[] = [[text]];
  const lower = text.toLowerCase();
  if (lower !== text) read.push([lower, 'upper_case']);

  // Node decodes both base64 alphabets, with and without padding. Some programs encode the hex digits instead
  // of the bytes.
  if (/^[\w+/-]+={0,2}$/.test(text)) {
    const decoded = Buffer.from(text, 'base64');
    read.push([decoded.toString('hex'), 'base64'], [decoded.toString('latin1'), 'base64']);
  }

  if (/^(?:3[0-9]|6[1-6])+$/.test(text)) read.push([Buffer.from(text, 'hex').toString(), 'hex_twice']);

  // Java's new BigInteger(bytes) interprets the first bit as a sign and prints a negative number, so undo the
  // two's complement.
  if (/^-[0-9a-f]{1,64}$/.test(text))
    read.push([(2n ** 256n - BigInt(`0x${text.slice(1)}`)).toString(16).padStart(64, '0'), 'hex_padding']);

  // BitConverter of .NET separates the bytes with dashes, and openssl -c separates them with colons.
  if (/^[0-9a-f]{2}(?:(?:[-: ]|, )[0-9a-f]{2})+$/i.test(text))
    read.push([lower.replace(/[^0-9a-f]/g, ''), 'hex_separated']);

  // Languages with signed bytes write a negative byte as ffffff87. Bytes that are not negative have two digits,
  // and the first is 0 to 7.
  if (/^(?:f{6}[89a-f][0-9a-f]|[0-7][0-9a-f])+$/i.test(text))
    read.push([lower.replace(/f{6}(..)|(..)/g, '$1$2'), 'hex_padding']);

  const bytes = bytesIn(text);
  if (bytes) read.push([bytes.toString('hex'), 'raw_bytes']);
  return read;
}

/** Returns the bytes of a text that lists them, as an array or as a string with escapes. */
function bytesIn(text: string): Buffer | undefined {
  const numbers = /^(?:\{"type":"Buffer","data":)?\[?(-?\d{1,3}(?:(?:,|, | )-?\d{1,3})+)\]?\}?$/.exec(
    text,
  )?.[1];
  if (numbers) return Buffer.from(numbers.split(/[, ]+/).map(Number));
  if (/^\{"0":\d{1,3}(?:,"\d+":\d{1,3})+\}$/.test(text))
    return Buffer.from(Object.values<number>(JSON.parse(text)));
  const inspected = /^<Buffer ([0-9a-f ]+)>$/.exec(text)?.[1];
  if (inspected) return Buffer.from(inspected.replaceAll(' ', ''), 'hex');
  const quoted = /^b?(["'])(.+)\1$/s.exec(text)?.[2];
  if (quoted && (text.startsWith('b') || quoted.includes('\\x'))) return unescaped(quoted);
  return /[\x80-\xff]/.test(text) && !/[^\0-\xff]/.test(text) ? Buffer.from(text, 'latin1') : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ t: '\t', n: '\n', r: '\r', a: '\x07', b: '\b', e: '\x1b', f: '\f', v: '\v', '0': '\0' },
};

/**
 * Decodes the output of `str(b'...')` of Python, `inspect` of Ruby and `%q` of Go. Go prints the bytes of
 * valid UTF-8 as characters.
 */
function unescaped(text: string): Buffer {
  const parts = text.matchAll(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\(.)|([^\\]+)/gis);
  return Buffer.concat(
    Array.from(parts, ([, hex, code, sign = '', plain]) => {
      if (hex) return Buffer.from(hex, 'hex');
      if (code) return Buffer.from(String.fromCharCode(Number.parseInt(code, 16)));
      return Buffer.from(plain ?? ESCAPES[sign] ?? sign);
    }),
  );
}
