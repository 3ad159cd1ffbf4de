/**
 * The maximum length of closing tags that are held back, in bytes. Only closing tags with about a kilobyte of
 * white space are longer.
 */
const LONGEST_CLOSING = 1024;

/**
 * The maximum number of bytes before the first tag of a document. A body with more bytes before its first tag
 * is treated as a fragment.
 */
const LONGEST_PROLOGUE = 4096;

const SPACE = '[\\t\\n\\f\\r ]*';
const CLOSING_TAGS_AT_END = new RegExp(`</body${SPACE}>${SPACE}(?:</html${SPACE}>${SPACE})?$`, 'i');
const CLOSING_TAGS = new RegExp(`^${CLOSING_TAGS_AT_END.source}`, 'i');

/** Matches every prefix of the closing tags, including the complete closing tags. */
const CLOSING_TAGS_PREFIX = new RegExp(
  `^${[...'</body', SPACE, '>', SPACE, ...'</html', SPACE, '>', SPACE].reduceRight((rest, unit) => `${unit}(?:${rest})?`)}$`,
  'i',
);

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Adds markup to an HTML document while the document is streamed. Inserts the markup before the closing tags,
 * or at the end of the document if it has none. Never searches or buffers the document. Holds back only the
 * last bytes of a chunk, and only if they could be closing tags: `</body>`, white space, `</html>`, white
 * space. The output does not depend on how the document is split into chunks.
 *
 * @example
 * const injector = new HtmlInjector();
 * for (const chunk of body) response.write(injector.push(chunk));
 * response.end(injector.end(markup));
 */
export class HtmlInjector {
  #isDocument: boolean | undefined;
  #beginning = '';
  #held: Buffer = NOTHING;
  /** True if `begin` has read the chunk that is pushed next. */
  #hasRead = false;

  /** The first bytes of the body, at most 4 KB, decoded as Latin-1. */
  get beginning(): string {
    return this.#beginning;
  }

  /**
   * Examines the first chunk, before the chunk is pushed.
   *
   * @param complete true if the chunk is the whole body
   * @returns true if the body may be a whole document, false if it is a fragment
   */
  begin(chunk: Buffer, complete: boolean): boolean {
    this.#read(chunk);
    this.#hasRead = true;
    return this.#isDocument ?? !complete;
  }

  /** Accepts the next bytes of the body and returns the bytes that may be sent now. */
  push(chunk: Buffer): Buffer {
    if (this.#hasRead) this.#hasRead = false;
    else if (this.#beginning.length < LONGEST_PROLOGUE) this.#read(chunk);
    const bytes = join(this.#held, chunk);
    const passing = this.#isDocument === false ? bytes.length : closingTagsStart(bytes);
    // Copy the bytes, because the app may reuse its buffer after the callback of its `write` call.
    this.#held = passing === bytes.length ? NOTHING : Buffer.from(bytes.subarray(passing));
    return passing === bytes.length ? bytes : bytes.subarray(0, passing);
  }

  /**
   * Ends the body. Returns the bytes that were held back, with the markup inserted if the body is a document.
   */
  end(markup: string | Buffer): Buffer {
    if (!this.#isDocument) return this.#held;
    const added = typeof markup === 'string' ? Buffer.from(markup) : markup;
    return CLOSING_TAGS.test(this.#held.toString('latin1'))
      ? join(added, this.#held)
      : join(this.#held, added);
  }

  #read(chunk: Buffer): void {
    this.#beginning += chunk.toString('latin1', 0, LONGEST_PROLOGUE - this.#beginning.length);
    this.#isDocument ??= beginsDocument(this.#beginning);
  }
}

/** Adds markup to a complete HTML document in a string. Returns undefined if the string is a fragment. */
export function injectIntoText(text: string, markup: string): string | undefined {
  const beginning = Buffer.from(text.slice(0, LONGEST_PROLOGUE)).toString('latin1', 0, LONGEST_PROLOGUE);
  if (!beginsDocument(beginning)) return undefined;
  const from = Math.max(0, text.length - LONGEST_CLOSING);
  const found = text.slice(from).search(CLOSING_TAGS_AT_END);
  const at = found === -1 ? text.length : from + found;
  return text.slice(0, at) + markup + text.slice(at);
}

const TAG = '<'.charCodeAt(0);
const SLASH = '/'.charCodeAt(0);

/**
 * Returns the index at which the closing tags may begin. Returns `bytes.length` if `bytes` ends neither with
 * closing tags nor with a prefix of closing tags.
 */
function closingTagsStart(bytes: Buffer): number {
  const from = Math.max(0, bytes.length - LONGEST_CLOSING);
  const last = lastTag(bytes, from, bytes.length);
  // Fast path: the last `<` in the chunk does not begin a closing tag.
  if (last === -1 || !mayClose(bytes, last)) return bytes.length;
  const before = lastTag(bytes, from, last);
  if (before !== -1 && mayEnd(bytes, before)) return before;
  return mayEnd(bytes, last) ? last : bytes.length;
}

/**
 * Returns the index of the last `<` in a range; -1 if there is none. A loop is faster than `lastIndexOf`
 * here: the `<` is usually near the end, and `lastIndexOf` calls native code.
 */
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
 * Returns true if the body is a whole document, which may begin with a BOM, white space, comments and
 * processing instructions. Returns false if the body is a fragment, and undefined if more bytes are needed to
 * decide.
 *
 * @param text the first bytes of the body, at most 4 KB, decoded as Latin-1
 */
export function beginsDocument(text: string): boolean | undefined {
  if (DOCUMENT.test(text)) return true; // fast path for most documents
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
