import { describe, expect, test, vi } from 'vitest';
import { chatwootIdentity, chatwootLogout } from './index.js';

const inbox = {
  hmacToken: 'a'.repeat(24),
  websiteToken: 'b'.repeat(24),
  baseUrl: 'https://chat.example.com',
};
const ada = { identifier: 'user-1', name: 'Ada' };
const navigation = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const html = { 'content-type': 'text/html; charset=utf-8' };
const page = '<!doctype html><title>Shop</title><body><h1>Welcome</h1></body></html>';

const ask = (path = '/', init: RequestInit = {}) =>
  new Request(`https://www.shop.example.com${path}`, {
    ...init,
    headers: { ...navigation, ...(init.headers as Record<string, string>) },
  });
const chats = (text: string) => text.split('id="chatwoot-identity"').length - 1;

/** Returns a stream of the chunks, and an object that records the calls of its `pull` and `cancel` functions. */
function source(chunks: Iterable<string | Uint8Array>) {
  const iterator = chunks[Symbol.iterator]();
  const seen = { pulls: 0, cancelled: undefined as unknown };
  const body = new ReadableStream(
    {
      pull(controller) {
        seen.pulls++;
        const { done, value } = iterator.next();
        if (done) controller.close();
        else controller.enqueue(typeof value === 'string' ? new TextEncoder().encode(value) : value);
      },
      cancel(reason) {
        seen.cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

function* endless(): Generator<string> {
  yield '<!doctype html>';
  for (;;) yield `<p>${'x'.repeat(50_000)}</p>`;
}

describe('requests that are not for the endpoint', () => {
  const chatwoot = chatwootIdentity({ inbox, contact: () => ada, inject: true });

  test.each([
    ['a JSON response', Response.json({ html: page })],
    ['a redirect, whose headers are immutable', Response.redirect('https://shop.example.com/', 302)],
    ['a 204 response', new Response(null, { status: 204 })],
    ['an HTML response without a body', new Response(null, { headers: html })],
    ['an error response', Response.error()],
  ])('returns the Response object of the app for %s', async (_what, response) => {
    expect(await chatwoot(ask(), () => response)).toBe(response);
  });

  test('passes the original request to the app', async () => {
    const request = ask('/', { method: 'POST', body: 'a=1' });
    let received: unknown;
    await chatwoot(request, (request) => {
      received = request;
      return new Response('');
    });
    expect(received).toBe(request);
  });

  test('rejects with the error that the app throws', async () => {
    const failure = new Error('down');
    const fail = () => {
      throw failure;
    };
    await expect(chatwoot(ask(), fail)).rejects.toBe(failure);
    await expect(chatwoot(ask(), () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

describe('HTML pages', () => {
  const chatwoot = chatwootIdentity({ inbox, contact: () => ada, inject: true });

  test('preserves the status, the status text and every Set-Cookie header', async () => {
    const headers = new Headers(html);
    for (const name of ['a', 'b'])
      headers.append('set-cookie', `${name}=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT`);
    const response = await chatwoot(
      ask(),
      () => new Response(page, { status: 404, statusText: 'Gone fishing', headers }),
    );
    expect([response.status, response.statusText]).toEqual([404, 'Gone fishing']);
    expect(response.headers.getSetCookie()).toHaveLength(2);
    expect(chats(await response.text())).toBe(1);
  });

  test('does not change the headers of the original response', async () => {
    const original = new Response(page, { headers: { ...html, etag: '"app"', 'content-length': '70' } });
    const response = await chatwoot(ask(), () => original);
    expect(original.headers.get('etag')).toBe('"app"');
    expect(response.headers.get('etag')).toMatch(/^"app-cw/);
    expect(response.headers.has('content-length')).toBe(false);
  });

  test('reads a page only as fast as the client does, after the first 256 KB', async () => {
    const { body, seen } = source(endless());
    const response = await chatwoot(ask(), () => new Response(body, { headers: html }));
    const ahead = seen.pulls;
    expect(ahead).toBeLessThan(10);
    const reader = response.body!.getReader();
    await reader.read(); // the beginning of the page
    await reader.read(); // the result of the read that was already pending
    for (let reads = 1; reads < 5; reads++) {
      await reader.read();
      expect(seen.pulls).toBe(ahead + reads);
    }
  });

  test('sends a page in one chunk if its body is available as a whole', async () => {
    for (const body of [page, new TextEncoder().encode(page), source([page]).body, 'x'.repeat(300_000)]) {
      const whole = typeof body === 'string' && body !== page ? page.replace('Welcome', body) : body;
      const response = await chatwoot(ask(), () => new Response(whole, { headers: html }));
      const reader = response.body!.getReader();
      expect(chats(new TextDecoder().decode((await reader.read()).value))).toBe(1);
      expect((await reader.read()).done).toBe(true);
    }
  });

  test('sends each chunk of a streamed page without waiting for the next chunk', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const write = (text: string) => void writer.write(new TextEncoder().encode(text));
    write('<!doctype html>');
    const response = await chatwoot(ask(), () => new Response(readable, { headers: html }));
    const reader = response.body!.getReader();
    const text = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await text()).toBe('<!doctype html>');
    write('<p>One</p>');
    expect(await text()).toBe('<p>One</p>');
    write('</body>');
    void writer.close();
    expect(await text()).toMatch(/<script.*<\/body>$/);
  });

  test("delays only the closing tags while contact is pending (inject: 'inline')", async () => {
    let answer: (contact: typeof ada) => void = () => {};
    const contact = new Promise<typeof ada>((resolve) => {
      answer = resolve;
    });
    const inline = chatwootIdentity({ inbox, contact: () => contact, inject: 'inline' });
    const response = await inline(ask(), () => new Response(page, { headers: html }));
    const reader = response.body!.getReader();
    const text = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await text()).toBe(page.replace('</body></html>', ''));
    answer(ada);
    expect(await text()).toMatch(/"identifier":"user-1".*<\/body><\/html>$/);
  });

  test('passes the cancellation reason of the client to the body of the app', async () => {
    const { body, seen } = source(endless());
    const response = await chatwoot(ask(), () => new Response(body, { headers: html }));
    await response.body!.cancel('gone');
    expect(seen.cancelled).toBe('gone');
  });

  test('rejects with the error of a body that fails after its first chunk', async () => {
    const failure = new Error('the database is gone');
    const { body } = source(
      (function* () {
        yield '<!doctype html>';
        throw failure;
      })(),
    );
    const response = await chatwoot(ask(), () => new Response(body, { headers: html }));
    await expect(response.text()).rejects.toBe(failure);
  });

  test.each<[string, (string | Uint8Array)[]]>([
    ['chunks, some of which are empty', ['', '<!doctype html><p>One', '', '</body>', '']],
    ['chunks that split the closing tags', ['<!doctype html><p>One', '<', '/bo', 'dy', '>', '</html', '>']],
    ['a chunk for each character', [...page]],
  ])('sends a complete page with a single chat if the body arrives in %s', async (_what, chunks) => {
    const { body } = source(chunks);
    const response = await chatwoot(ask(), () => new Response(body, { headers: html }));
    const text = await response.text();
    expect(chats(text)).toBe(1);
    expect(text.replace(/<link rel="preload".*?<\/script><script.*?<\/script>/, '')).toBe(chunks.join(''));
  });

  test('accepts a stream of strings, as most servers do', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(page);
        controller.close();
      },
    });
    const response = await chatwoot(ask(), () => new Response(body, { headers: html }));
    expect(chats(await response.text())).toBe(1);
  });

  test.each([
    ['available at once', ['<li>One</li>', '<li>Two</li>']],
    [
      'streamed',
      (function* fragment() {
        yield '<li>One</li>';
        for (;;) yield `<li>${'x'.repeat(50_000)}</li>`;
      })(),
    ],
  ])('does not change a fragment that is %s, and lets the client cancel it', async (how, chunks) => {
    const { body, seen } = source(chunks);
    const headers = { ...html, etag: '"app"', 'content-length': '24' };
    const response = await chatwoot(ask(), () => new Response(body, { headers }));
    expect(response.headers.get('content-length')).toBe('24');
    expect(response.headers.get('etag')).toBe('"app"');
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toMatch(/^<li>One<\/li><li>/);
    await reader.cancel('gone');
    expect(seen.cancelled).toBe(how === 'streamed' ? 'gone' : undefined);
  });

  test('does not change an empty HTML body', async () => {
    const response = await chatwoot(ask(), () => new Response('', { headers: html }));
    expect(await response.text()).toBe('');
  });

  test('does not read the body for a HEAD request, but can cancel it', async () => {
    const { body, seen } = source(endless());
    const response = await chatwoot(
      ask('/', { method: 'HEAD' }),
      () => new Response(body, { headers: { ...html, etag: '"app"', 'content-length': '70' } }),
    );
    expect(response.headers.get('etag')).toMatch(/^"app-cw/);
    expect(response.headers.has('content-length')).toBe(false);
    await response.body?.cancel('gone');
    expect(seen).toEqual({ pulls: 0, cancelled: 'gone' });
  });

  test('cancels the body if the client disconnected before the app responded', async () => {
    let silent: ReadableStream | undefined;
    const cancelled = new Promise((cancel) => {
      silent = new ReadableStream({ cancel });
    });
    const client = new AbortController();
    const response = chatwoot(ask('/', { signal: client.signal }), () => {
      client.abort('gone');
      return new Response(silent, { headers: html });
    });
    expect(await cancelled).toBe('gone');
    expect(await (await response).text()).toBe('');
  });

  test('accepts an ArrayBuffer or a DataView as a chunk, as some servers do', async () => {
    const bytes = (text: string) => new TextEncoder().encode(text).buffer;
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes('<!doctype html>'));
        controller.enqueue(new DataView(bytes('<p>Welcome</p>')));
        controller.close();
      },
    });
    const response = await chatwoot(ask(), () => new Response(body, { headers: html }));
    expect(await response.text()).toMatch(/^<!doctype html><p>Welcome<\/p><link/);
  });

  test('injects only the chat of the inner function if two functions wrap the app', async () => {
    const outer = chatwootIdentity({ inbox, contact: () => ada, inject: 'inline' });
    const response = await outer(ask(), (request) =>
      chatwoot(request, () => new Response(page, { headers: { ...html, 'cache-control': 'public' } })),
    );
    expect(response.headers.get('cache-control')).toBe('public');
    expect(chats(await response.text())).toBe(1);
  });

  test('injects one chat into a revalidated page if the same function wraps the app twice', async () => {
    const twice = (request: Request) =>
      chatwoot(request, (request) =>
        chatwoot(request, () => new Response(page, { headers: { ...html, etag: '"app"' } })),
      );
    const etag = (await twice(ask())).headers.get('etag')!;
    const response = await twice(ask('/', { headers: { 'if-none-match': etag } }));
    expect(chats(await response.text())).toBe(1);
    expect(response.headers.get('etag')).toBe(etag);
  });
});

describe('conditional requests', () => {
  const chatwoot = chatwootIdentity({ inbox, contact: () => ada, inject: true });
  const received = async (request: Request) => {
    let copy = request;
    await chatwoot(request, (request) => {
      copy = request;
      return new Response(null, { status: 204 });
    });
    return copy;
  };

  test('passes the app a copy of the request without the ETag of the page with the chat', async () => {
    const request = ask('/', { headers: { 'if-none-match': '"app"', cookie: 'session=1' } });
    const copy = await received(request);
    expect(copy).not.toBe(request);
    expect(copy.headers.has('if-none-match')).toBe(false);
    expect(copy.headers.get('cookie')).toBe('session=1');
    expect(request.headers.get('if-none-match')).toBe('"app"');
  });

  test('passes the app a copy of the request with the properties that the server added', async () => {
    class ServerRequest extends Request {
      readonly waiting: unknown[] = [];
      context: unknown;
      get ip() {
        return '192.0.2.1';
      }
      waitUntil(work: unknown) {
        this.waiting.push(work);
      }
    }
    const request = new ServerRequest(ask('/', { headers: { 'if-none-match': '"app"' } }));
    const copy = (await received(request)) as ServerRequest;
    expect(copy).not.toBe(request);
    expect(copy.ip).toBe('192.0.2.1');
    copy.waitUntil('work');
    copy.context = 'trace';
    expect(request).toMatchObject({ waiting: ['work'], context: 'trace' });
  });

  test('passes the original request for an asset to the app', async () => {
    const request = new Request('https://shop.example.com/style.css', {
      headers: { accept: 'text/css', 'if-none-match': '"style"' },
    });
    expect(await received(request)).toBe(request);
    expect(request.headers.get('if-none-match')).toBe('"style"');
  });

  test("passes the app a copy with the body of the request and with the app's original ETag in If-Match", async () => {
    const request = ask('/', {
      method: 'PUT',
      body: 'name=Ada',
      headers: { 'if-match': '"app-cw01234567"' },
    });
    const copy = await received(request);
    expect(copy.headers.get('if-match')).toBe('"app"');
    expect(await copy.text()).toBe('name=Ada');
  });
});

describe('the context argument', () => {
  const calls: unknown[] = [];
  const note = <Answer>(name: string, context: unknown, answer: Answer): Answer => {
    calls.push([name, context]);
    return answer;
  };
  const chatwoot = chatwootIdentity({
    inbox: (_request, c: { user: string }) => note('inbox', c.user, inbox),
    contact: (_request, c) => note('contact', c.user, { identifier: c.user }),
    inject: {
      mode: 'inline',
      skip: (_request, c) => note('skip', c.user, false),
      nonce: (_request, c) => note('nonce', c.user, undefined),
    },
    onError: (_error, request, c) => note(request.url, c.user, undefined),
  });

  test('passes the context to contact, inbox, skip and nonce', async () => {
    const response = await chatwoot(ask(), () => new Response(page, { headers: html }), { user: 'user-7' });
    expect(await response.text()).toContain('"identifier":"user-7"');
    expect(calls.splice(0)).toEqual([
      ['skip', 'user-7'],
      ['nonce', 'user-7'],
      ['contact', 'user-7'],
      ['inbox', 'user-7'],
    ]);
  });

  test('passes the context to onError', async () => {
    vi.spyOn(console, 'error').mockImplementationOnce(() => {});
    const response = await chatwoot(ask('/chatwoot/identity'), () => new Response(''), { user: '' });
    expect(response.status).toBe(500);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await response.json()).toMatchObject({ status: 500, title: 'Internal Server Error' });
    expect(calls.at(-1)).toEqual(['https://www.shop.example.com/chatwoot/identity', '']);
  });
});

describe('chatwootLogout', () => {
  const chatwoot = chatwootIdentity({ inbox, contact: () => ada, inject: 'inline' });
  const logout = (request: Request) => {
    const headers = new Headers({ ...html, 'set-cookie': 'session=; Max-Age=0' });
    chatwootLogout(request, headers);
    return new Response(page, { headers });
  };

  test("expires the widget's cookies for the host and its parent domains", async () => {
    const headers = new Headers();
    chatwootLogout(ask('/', { headers: { cookie: 'cw_user_token=1' } }), headers);
    expect(headers.getSetCookie().map((cookie) => cookie.split('; Path')[0])).toEqual(
      [
        'cw_conversation=;',
        'cw_conversation=; Domain=www.shop.example.com;',
        'cw_conversation=; Domain=shop.example.com;',
        'cw_conversation=; Domain=example.com;',
        'cw_user_token=;',
        'cw_user_token=; Domain=www.shop.example.com;',
        'cw_user_token=; Domain=shop.example.com;',
        'cw_user_token=; Domain=example.com;',
      ].map((cookie) => cookie.replace(/;$/, '')),
    );
  });

  test('omits the identity from the page if the framework passes a copy of the request to the app', async () => {
    const response = await chatwoot(ask(), (request) => logout(new Request(request)));
    expect(await response.text()).toContain('"identity":null');
  });

  test.each(['the request that the app received', 'the original request'])(
    'omits the identity from the page if chatwootLogout is called with %s',
    async (which) => {
      const request = ask('/', { headers: { 'if-none-match': '"app"' } });
      const response = await chatwoot(request, (received) =>
        logout(which.startsWith('the original') ? request : received),
      );
      expect(await response.text()).toContain('"identity":null');
    },
  );

  test('the endpoint responds with 401 to a request that chatwootLogout was called with', async () => {
    const request = ask('/chatwoot/identity');
    chatwootLogout(request, new Headers());
    expect((await chatwoot(request, () => new Response(''))).status).toBe(401);
  });
});

describe('invalid options', () => {
  const contact = () => ada;
  test.each<[string, unknown, string]>([
    ['missing options', undefined, 'contact must be a function'],
    ['a missing contact', { inbox }, 'contact must be a function'],
    ['a missing inbox', { contact }, 'inbox must be'],
    ['a misspelled option', { inbox, contact, allowedorigins: [] }, 'Write "allowedOrigins".'],
    ['an onError that is not a function', { inbox, contact, onError: true }, 'onError must be a function'],
    ['an unknown inject mode', { inbox, contact, inject: 'outline' }, 'inject must be true'],
    [
      'an asynchronous skip function',
      { inbox, contact, inject: { skip: async () => true } },
      'inject.skip must be synchronous',
    ],
    ['a relative path', { inbox, contact, path: 'identity' }, 'path must be an absolute path'],
  ])('throws a TypeError at start-up for %s', (_what, options, message) => {
    expect(() => chatwootIdentity(options as never)).toThrow(message);
    expect(() => chatwootIdentity(options as never)).toThrow(TypeError);
  });
});
