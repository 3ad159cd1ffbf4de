import { checkChoice, checkFunction, checkOptions } from '../options.js';
import type { ChatwootSettings } from '../wire.js';
import { SETTINGS } from './settings.js';

/** Options for the chat in pages. */
export interface InjectOptions<Request> {
  /**
   * `'inline'` also embeds the identity in the page, which saves the request to the endpoint. No cache may
   * store a page that contains an identity. If `mode` is left out, pages stay cacheable and fetch the
   * identity from the endpoint.
   * @default the page fetches the identity
   */
  mode?: 'inline' | undefined;
  /**
   * Whether anonymous visitors see the chat.
   * @default 'show'
   */
  anonymous?: 'show' | 'hide' | undefined;
  /** The widget's appearance, as in `window.chatwootSettings`. */
  settings?: ChatwootSettings | undefined;
  /**
   * Returns the response's Content-Security-Policy nonce. If this function is left out, the nonce is taken
   * from `res.locals.cspNonce`, `ctx.state.cspNonce` or the policy in the response. A policy with `script-src
   * 'self'` needs no nonce.
   */
  nonce?: ((request: Request) => string | undefined) | undefined;
  /**
   * Returns true for requests whose pages get no chat; it must depend on the path only, because shared caches store a
   * page by its path. It must be synchronous.
   */
  skip?: ((request: Request) => boolean) | undefined;
}

/** The possible values of the `inject` option. */
export type InjectOption<Request> = boolean | 'inline' | InjectOptions<Request> | undefined;

const KNOWN = ['mode', 'anonymous', 'settings', 'nonce', 'skip'];

/**
 * Compiles the `inject` option.
 *
 * @returns undefined if no page gets the chat
 * @throws {TypeError} if the option is unusable; the message says how to fix it
 */
export function compileInject<Request>(option: InjectOption<Request>): InjectOptions<Request> | undefined {
  if (option === undefined || option === false) return undefined;
  if (option === true) return {};
  if (option === 'inline') return { mode: 'inline' };
  if (typeof option !== 'object' || option === null) {
    throw new TypeError(
      `inject must be true (the page fetches the identity), 'inline' (the page contains the identity) or an object with: ${KNOWN.join(', ')}.`,
    );
  }
  checkOptions('inject', option, KNOWN);
  checkMode(option.mode);
  checkChoice('inject.anonymous', option.anonymous, ['show', 'hide']);
  checkFunction('inject.nonce', option.nonce, '(request) => nonceOf(request)');
  checkFunction('inject.skip', option.skip, "(request) => request.path.startsWith('/print')");
  checkSync('inject.skip', option.skip);
  checkSync('inject.nonce', option.nonce);
  checkSettings(option.settings);
  return option;
}

function checkMode(mode: unknown): void {
  if (mode === undefined || mode === 'inline') return;
  throw new TypeError("inject.mode must be 'inline'. Leave it out for pages that fetch the identity.");
}

/**
 * Throws if `skip` or `nonce` is an async function. The functions `skip` and `nonce` are called while the
 * response is being sent, so they must be synchronous. The promise of an async function is always truthy and
 * may reject.
 */
function checkSync(name: string, option: unknown): void {
  if (Object.prototype.toString.call(option) !== '[object AsyncFunction]') return;
  throw new TypeError(`${name} must be synchronous. Read from the request only.`);
}

function checkSettings(settings: unknown): void {
  if (settings === undefined) return;
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new TypeError("inject.settings must be an object, for example { position: 'left' }.");
  }
  checkOptions('inject.settings', settings, SETTINGS);
}
