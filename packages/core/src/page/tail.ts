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

const NOTHING: Buffer = Buffer.alloc(0);

/** Makes the tail of one page. Cutting the page into other chunks never changes the bytes that come out. */
export function createTail(): Tail {
  let isDocument: boolean | undefined;
  let prologue: Buffer = NOTHING;
  let held: Buffer = NOTHING;

  function sniff(chunk: Buffer): void {
    prologue = join(prologue, chunk.subarray(0, LONGEST_PROLOGUE - prologue.length));
    isDocument = beginsDocument(prologue);
    if (isDocument !== undefined) prologue = NOTHING;
  }

  return {
    get isDocument() {
      return isDocument;
    },
    push(chunk) {
      if (isDocument === undefined) sniff(chunk);
      const bytes = join(held, chunk);
      const passing = isDocument === false ? bytes.length : endingStart(bytes);
      held = bytes.subarray(passing);
      return bytes.subarray(0, passing);
    },
    end(markup) {
      if (!isDocument) return held;
      return ENDING.test(held.toString('latin1'))
        ? join(Buffer.from(markup), held)
        : join(held, Buffer.from(markup));
    },
  };
}

/** Where a run begins that could be the document's ending; the length when there is none. */
function endingStart(bytes: Buffer): number {
  const from = Math.max(0, bytes.length - LONGEST_ENDING);
  const text = bytes.toString('latin1', from);
  const last = text.lastIndexOf('<');
  if (last === -1) return bytes.length;
  const before = last === 0 ? -1 : text.lastIndexOf('<', last - 1);
  if (before !== -1 && ENDING_BEGUN.test(text.slice(before))) return from + before;
  return ENDING_BEGUN.test(text.slice(last)) ? from + last : bytes.length;
}

const BOM = '\xEF\xBB\xBF';
const DOCUMENT = /^<(?:!doctype|html[\t\n\f\r />])/i;
const BEGINNINGS = ['<!doctype', '<html', '<!--', '<?', BOM.toLowerCase()];

/**
 * Whether a body begins a whole document, after a BOM, white space, comments and processing instructions;
 * undefined while more of it is needed.
 */
export function beginsDocument(body: Buffer): boolean | undefined {
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
