/**
 * Where markup goes into a page that is still being written: before the document's own ending, or after
 * everything when it ends otherwise. Nothing is searched and no page is kept: the only bytes held back are a
 * trailing run that could be `</body>`, white space, `</html>`, white space.
 */
export interface Tail {
  /** True once the bytes prove to be a whole document, false once they prove to be a fragment. */
  readonly isDocument: boolean | undefined;
  /** Takes the next bytes of the body and returns those that may go out now. */
  push(chunk: Buffer): Buffer;
  /** Ends the body: returns what is left of it, with the markup in its place if this was a document. */
  end(markup: string): Buffer;
}

/** An ending longer than this (a kilobyte of white space) is not waited for. */
const LONGEST_ENDING = 1024;

/** A document that has not begun after this many bytes is taken for a fragment. */
const LONGEST_PROLOGUE = 4096;

const SPACE = '[\\t\\n\\f\\r ]*';
const ENDING = new RegExp(`^</body${SPACE}>${SPACE}(?:</html${SPACE}>${SPACE})?$`, 'i');

/** Matches every beginning of an ENDING, the whole one included. */
const ENDING_BEGUN = new RegExp(
  `^${[...'</body', SPACE, '>', SPACE, ...'</html', SPACE, '>', SPACE].reduceRight((rest, unit) => `${unit}(?:${rest})?`)}$`,
  'i',
);

/** As long as what tells a document. */
const SHORTEST_PROLOGUE = '<!doctype'.length;

const NOTHING: Buffer = Buffer.alloc(0);

/** Makes the tail of one page. Cutting the page into other chunks never changes the bytes that come out. */
export function createTail(): Tail {
  return new PageTail();
}

class PageTail implements Tail {
  isDocument: boolean | undefined;
  #prologue: Buffer = NOTHING;
  #held: Buffer = NOTHING;

  push(chunk: Buffer): Buffer {
    if (this.isDocument === undefined) this.#sniff(chunk);
    const bytes = join(this.#held, chunk);
    const passing = this.isDocument === false ? bytes.length : endingStart(bytes);
    this.#held = passing === bytes.length ? NOTHING : bytes.subarray(passing);
    return passing === bytes.length ? bytes : bytes.subarray(0, passing);
  }

  end(markup: string): Buffer {
    if (!this.isDocument) return this.#held;
    return ENDING.test(this.#held.toString('latin1'))
      ? join(Buffer.from(markup), this.#held)
      : join(this.#held, Buffer.from(markup));
  }

  #sniff(chunk: Buffer): void {
    this.#prologue = join(this.#prologue, chunk.subarray(0, LONGEST_PROLOGUE - this.#prologue.length));
    this.isDocument = beginsDocument(this.#prologue);
    if (this.isDocument !== undefined) this.#prologue = NOTHING;
  }
}

const TAG = '<'.charCodeAt(0);
const CLOSING = '/'.charCodeAt(0);

/** Where a run begins that could be the document's ending, of one tag or two; the length when there is none. */
function endingStart(bytes: Buffer): number {
  const from = Math.max(0, bytes.length - LONGEST_ENDING);
  const last = lastTag(bytes, from, bytes.length);
  // Most chunks end in text, or in a tag that opens.
  if (last === -1 || !mayClose(bytes, last)) return bytes.length;
  const before = lastTag(bytes, from, last);
  if (before !== -1 && mayEnd(bytes, before)) return before;
  return mayEnd(bytes, last) ? last : bytes.length;
}

/** Backwards, since it is near: a loop is faster here than `lastIndexOf`, which leaves JavaScript. */
function lastTag(bytes: Buffer, from: number, to: number): number {
  for (let index = to - 1; index >= from; index--) if (bytes[index] === TAG) return index;
  return -1;
}

function mayEnd(bytes: Buffer, start: number): boolean {
  return mayClose(bytes, start) && ENDING_BEGUN.test(bytes.toString('latin1', start));
}

function mayClose(bytes: Buffer, start: number): boolean {
  const next = bytes[start + 1];
  return next === undefined || next === CLOSING;
}

const BOM = '\xEF\xBB\xBF';
const DOCUMENT = /^<(?:!doctype|html[\t\n\f\r />])/i;
const BEGINNINGS = ['<!doctype', '<html', '<!--', '<?', BOM.toLowerCase()];

/**
 * Whether a body begins a whole document, after a BOM, white space, comments and processing instructions;
 * undefined while more of it is needed.
 */
export function beginsDocument(body: Buffer): boolean | undefined {
  // Nearly all begin like this at once.
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
