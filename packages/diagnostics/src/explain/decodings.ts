import type { MistakeCode } from './mistakes.js';

/** What the passed hash may stand for: the digits of a digest, and the mistakes in the way they were written. */
export interface Decoding {
  readonly value: string;
  readonly mistakes: readonly MistakeCode[];
}

/** Undoes what people do to a digest: from the text that was passed back to lower-case hex. */
export function decodings(identifierHash: string): Decoding[] {
  return unwrapped(identifierHash).flatMap((text) => {
    const wrapped: MistakeCode[] = text === identifierHash ? [] : ['hash_wrapped'];
    return forms(text).map(([value, ...written]) => ({ value, mistakes: [...written, ...wrapped] }));
  });
}

/** The text itself, and what may be the hash inside of it. */
function unwrapped(text: string): string[] {
  const bare = text
    .trim()
    .replace(/^b?(["'])(.*)\1$/s, '$2')
    .replace(/^(?:0x|(?:hmac-)?sha-?256[=:]|[\w-]*\([^)]*\)= )/i, '')
    .replace(/\r?\n/g, '')
    .trim();
  // The only digits among other words, as openssl dgst and sha256sum print them.
  const digits = /(?<![0-9a-z])[0-9a-f]{32,128}(?![0-9a-z])/i.exec(bare)?.[0];
  return [...new Set([text, bare, digits ?? bare])];
}

type Form = readonly [value: string, ...MistakeCode[]];

function forms(text: string): Form[] {
  const read: Form[] = [[text]];
  const lower = text.toLowerCase();
  if (lower !== text) read.push([lower, 'upper_case']);

  // Takes both alphabets, with padding and without. Some encode the hex digits instead of the bytes.
  if (/^[\w+/-]+={0,2}$/.test(text)) {
    const decoded = Buffer.from(text, 'base64');
    read.push([decoded.toString('hex'), 'base64'], [decoded.toString('latin1'), 'base64']);
  }

  // BitConverter of .NET has dashes, openssl -c has colons.
  if (/^[0-9a-f]{2}(?:(?:[-: ]|, )[0-9a-f]{2})+$/i.test(text))
    read.push([lower.replace(/[^0-9a-f]/g, ''), 'hex_separated']);

  // A negative byte of a language with signed ones: ffffff87. All others have two digits and begin with 0 to 7.
  if (/^(?:f{6}[89a-f][0-9a-f]|[0-7][0-9a-f])+$/i.test(text))
    read.push([lower.replace(/f{6}(..)|(..)/g, '$1$2'), 'hex_padding']);

  const bytes = bytesIn(text);
  if (bytes) read.push([bytes.toString('hex'), 'raw_bytes']);
  return read;
}

/** The bytes in a text that shows them one by one, as languages print an array of them. */
function bytesIn(text: string): Buffer | undefined {
  const numbers = /^(?:\{"type":"Buffer","data":)?\[?(-?\d{1,3}(?:(?:,|, | )-?\d{1,3})+)\]?\}?$/.exec(
    text,
  )?.[1];
  if (numbers) return Buffer.from(numbers.split(/[, ]+/).map(Number));
  if (/^\{"0":\d{1,3}(?:,"\d+":\d{1,3})+\}$/.test(text))
    return Buffer.from(Object.values<number>(JSON.parse(text)));
  const inspected = /^<Buffer ([0-9a-f ]+)>$/.exec(text)?.[1];
  if (inspected) return Buffer.from(inspected.replaceAll(' ', ''), 'hex');
  const python = /^b(["'])(.+)\1$/s.exec(text)?.[2];
  if (python) return Buffer.from(python.replace(/\\(?:x([0-9a-f]{2})|(.))/gs, unescaped), 'latin1');
  return /[\x80-\xff]/.test(text) && !/[^\0-\xff]/.test(text) ? Buffer.from(text, 'latin1') : undefined;
}

const PYTHON_ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

function unescaped(_escape: string, digits: string | undefined, sign: string): string {
  return digits ? String.fromCharCode(Number.parseInt(digits, 16)) : (PYTHON_ESCAPES[sign] ?? sign);
}
