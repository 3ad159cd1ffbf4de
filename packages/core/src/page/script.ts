import { brotliCompressSync, gzipSync } from 'node:zlib';
import { header, type RequestLike } from '../request.js';

/** The page script that `@chatwoot-identity/browser/script` exports. */
export interface Script {
  readonly source: string;
  /** A hash of the source, which is part of the script's URL. */
  readonly hash: string;
}

/** An HTTP response with a body that may be compressed. */
export interface ScriptReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const NAME = /^widget-([\w-]+)\.js$/;

/** The page script as a file with a name that changes with its content. */
export interface ScriptFile {
  readonly name: string;
  /** Returns the response to a request for a file; undefined if the name is not the page script's. */
  reply(request: RequestLike, name: string): ScriptReply | undefined;
}

type Encodings = Record<'br' | 'gzip', Buffer>;

/**
 * The compressed sources, cached because compression takes about 15 ms. An app may create several middleware
 * instances, and its tests may create one for each case.
 */
const compressed = new WeakMap<Script, Encodings>();

function compress(script: Script): Encodings {
  let encodings = compressed.get(script);
  if (!encodings) {
    encodings = { br: brotliCompressSync(script.source), gzip: gzipSync(script.source, { level: 9 }) };
    compressed.set(script, encodings);
  }
  return encodings;
}

/** Creates the script file. Compresses the source at start-up, once for all script files of the process. */
export function createScriptFile(script: Script): ScriptFile {
  const { source, hash } = script;
  const encodings = compress(script);

  return {
    name: `widget-${hash}.js`,
    reply(request, name) {
      const asked = NAME.exec(name)?.[1];
      const { method = 'GET' } = request;
      if (asked === undefined || (method !== 'GET' && method !== 'HEAD')) return undefined;
      const encoding = acceptedEncoding(header(request, 'accept-encoding'));
      const etag = `"${hash}${encoding ? `-${encoding}` : ''}"`;
      const headers: Record<string, string> = {
        // A page that was loaded before a deployment requests the hash of an older script, and receives the
        // current script. Caches must revalidate the response to such a request.
        'Cache-Control': asked === hash ? 'public, max-age=31536000, immutable' : 'no-cache',
        ETag: etag,
        Vary: 'Accept-Encoding',
        'X-Content-Type-Options': 'nosniff',
      };
      if (matches(header(request, 'if-none-match'), etag)) return { status: 304, headers, body: '' };
      const body = encoding ? encodings[encoding] : source;
      headers['Content-Type'] = 'text/javascript; charset=utf-8';
      headers['Content-Length'] = String(Buffer.byteLength(body));
      if (encoding) headers['Content-Encoding'] = encoding;
      return { status: 200, headers, body: method === 'HEAD' ? '' : body };
    },
  };
}

function acceptedEncoding(accept = ''): 'br' | 'gzip' | undefined {
  return (['br', 'gzip'] as const).find((encoding) =>
    accept.split(',').some((part) => {
      const [name, quality] = part.split(';', 2);
      return name?.trim().toLowerCase() === encoding && !/^\s*q=0(?:\.0*)?\s*$/i.test(quality ?? '');
    }),
  );
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false;
}
