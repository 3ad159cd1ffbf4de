/** A longer run of closing tags (a kilobyte of white space) is not held back. */
const LONGEST_CLOSING = 1024;

/** A body whose first tag comes after this many bytes is treated as a fragment. */
const LONGEST_PROLOGUE = 4096;

const SPACE = '[\\t\\n\\f\\r ]*';
const CLOSING_TAGS_AT_END = new RegExp(`</body${SPACE}>${SPACE}(?:</html${SPACE}>${SPACE})?$`, 'i');
const CLOSING_TAGS = new RegExp(`^${CLOSING_TAGS_AT_END.source}`, 'i');

/** Matches every prefix of CLOSING_TAGS, including the complete run. */
const CLOSING_TAGS_PREFIX = new RegExp(
  `^${[...'</body', SPACE, '>', SPACE, ...'</html', SPACE, '>', SPACE].reduceRight((rest, unit) => `${unit}(?:${rest})?`)}$`,
  'i',
);

/** Enough bytes to recognise most documents. */
const SHORTEST_PROLOGUE = '<!doctype'.length;

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Adds markup to one HTML document while it is streamed: before its closing tags, or at the end if it has none. The
 * document is never searched or buffered. The only bytes held back are a trailing run that could be `</body>`, white
 * space, `</html>`, white space. The output does not depend on how the document is split into chunks.
 *
 * @example
 * const injector = new HtmlInjector();
 * for (const chunk of body) response.write(injector.push(chunk));
 * response.end(injector.end(markup));
 */
export class HtmlInjector {
  #isDocument: boolean | undefined;
  #beginning: Buffer = NOTHING;
  #held: Buffer = NOTHING;

  /** The first bytes of the body, 4 KB at most. */
  get beginning(): Buffer {
    return this.#beginning;
  }

  /** Takes the next bytes of the body and returns those that may be sent now. */
  push(chunk: Buffer): Buffer {
    if (this.#beginning.length < LONGEST_PROLOGUE) this.#read(chunk);
    const bytes = join(this.#held, chunk);
    const passing = this.#isDocument === false ? bytes.length : closingTagsStart(bytes);
    // Copied, because the app may reuse its buffer once the callback of its write has been called.
    this.#held = passing === bytes.length ? NOTHING : Buffer.from(bytes.subarray(passing));
    return passing === bytes.length ? bytes : bytes.subarray(0, passing);
  }

  /** Ends the body. Returns the bytes that were held back, with the markup inserted if the body is a document. */
  end(markup: string | Buffer): Buffer {
    if (!this.#isDocument) return this.#held;
    const added = typeof markup === 'string' ? Buffer.from(markup) : markup;
    return CLOSING_TAGS.test(this.#held.toString('latin1'))
      ? join(added, this.#held)
      : join(this.#held, added);
  }

  #read(chunk: Buffer): void {
    this.#beginning = Buffer.concat([
      this.#beginning,
      chunk.subarray(0, LONGEST_PROLOGUE - this.#beginning.length),
    ]);
    this.#isDocument ??= beginsDocument(this.#beginning);
  }
}

/** Adds markup to a whole document that is a string. Returns undefined for a fragment. */
export function injectIntoText(text: string, markup: string): string | undefined {
  if (!beginsDocument(Buffer.from(text.slice(0, LONGEST_PROLOGUE)))) return undefined;
  const from = Math.max(0, text.length - LONGEST_CLOSING);
  const found = text.slice(from).search(CLOSING_TAGS_AT_END);
  const at = found === -1 ? text.length : from + found;
  return text.slice(0, at) + markup + text.slice(at);
}

const TAG = '<'.charCodeAt(0);
const SLASH = '/'.charCodeAt(0);

/** The index at which the document's closing tags (one or two) may begin; the length if there are none. */
function closingTagsStart(bytes: Buffer): number {
  const from = Math.max(0, bytes.length - LONGEST_CLOSING);
  const last = lastTag(bytes, from, bytes.length);
  // Fast path: most chunks end in text or in an opening tag.
  if (last === -1 || !mayClose(bytes, last)) return bytes.length;
  const before = lastTag(bytes, from, last);
  if (before !== -1 && mayEnd(bytes, before)) return before;
  return mayEnd(bytes, last) ? last : bytes.length;
}

/** A loop is faster than `lastIndexOf` here: the tag is usually near the end, and `lastIndexOf` calls native code. */
function lastTag(bytes: Buffer, from: number, to: number): number {
  for (let index = to - 1; index >= from; index--) if (bytes[index] === TAG) return index;
  return -1;
}

function mayEnd(bytes: Buffer, start: number): boolean {
  return mayClose(bytes, start) && CLOSING_TAGS_PREFIX.test(bytes.toString('latin1', start));
}

function mayClose(bytes: Buffer, start: number): boolean {
  const next = bytes[start + 1];
  return next === undefined || next === SLASH;
}

const BOM = '\xEF\xBB\xBF';
const DOCUMENT = /^<(?:!doctype|html[\t\n\f\r />])/i;
const BEGINNINGS = ['<!doctype', '<html', '<!--', '<?', BOM.toLowerCase()];

/**
 * True if a body begins a whole document, after a BOM, white space, comments and processing instructions; false if it
 * begins a fragment; undefined if more bytes are needed.
 */
export function beginsDocument(body: Buffer): boolean | undefined {
  // Fast path: the common case does not need the whole prologue decoded.
  if (DOCUMENT.test(body.toString('latin1', 0, SHORTEST_PROLOGUE))) return true;
  const text = body.toString('latin1', 0, LONGEST_PROLOGUE);
  const undecided = text.length < LONGEST_PROLOGUE ? undefined : false;
  let rest = text.startsWith(BOM) ? text.slice(BOM.length) : text;
  for (;;) {
    rest = rest.replace(/^[\t\n\f\r ]+/, '');
    const closing = rest.startsWith('<!--') ? '-->' : rest.startsWith('<?') ? '>' : undefined;
    if (closing === undefined) break;
    const end = rest.indexOf(closing, 2);
    if (end === -1) return undecided;
    rest = rest.slice(end + closing.length);
  }
  if (DOCUMENT.test(rest)) return true;
  const begun = rest.toLowerCase();
  return BEGINNINGS.some((beginning) => beginning.startsWith(begun)) ? undecided : false;
}

function join(first: Buffer, second: Buffer): Buffer {
  if (first.length === 0) return second;
  return second.length === 0 ? first : Buffer.concat([first, second]);
}
