import { checkChoice, checkFunction, checkOptions } from '../options.js';
import type { ChatwootSettings } from './settings.js';

/** How pages are given the chat. */
export interface InjectOptions<Request> {
  /**
   * `'inline'` writes the identity into the page, which no cache may then keep. `'fetch'` writes none: the page
   * stays cacheable, and its script asks the endpoint.
   * @default 'inline'
   */
  mode?: 'inline' | 'fetch' | undefined;
  /**
   * Whether visitors who are not signed in get the chat.
   * @default 'show'
   */
  anonymous?: 'show' | 'hide' | undefined;
  /** The widget's looks: `window.chatwootSettings`. */
  settings?: ChatwootSettings | undefined;
  /** A response's CSP nonce. Not needed with `script-src 'self'`; found by itself in the response's own policy. */
  nonce?: ((request: Request) => string | undefined) | undefined;
  /** Requests whose pages are left alone. */
  skip?: ((request: Request) => boolean) | undefined;
}

/** The `inject` option as apps write it. */
export type InjectOption<Request> = boolean | 'fetch' | InjectOptions<Request> | undefined;

/**
 * Compiles the `inject` option.
 *
 * @returns undefined when no page is to be given the chat
 * @throws {TypeError} when it is unusable, saying how to mend it
 */
export function compileInject<Request>(option: InjectOption<Request>): InjectOptions<Request> | undefined {
  if (!option) return undefined;
  if (option === true) return {};
  if (option === 'fetch') return { mode: 'fetch' };
  const known = ['mode', 'anonymous', 'settings', 'nonce', 'skip'];
  if (typeof option !== 'object')
    throw new TypeError(`inject must be true, 'fetch' or an object with: ${known.join(', ')}.`);
  checkOptions('inject', option, known);
  checkChoice('inject.mode', option.mode, ['inline', 'fetch']);
  checkChoice('inject.anonymous', option.anonymous, ['show', 'hide']);
  checkFunction('inject.nonce', option.nonce, '(request) => nonceOf(request)');
  checkFunction('inject.skip', option.skip, "(request) => request.path.startsWith('/print')");
  checkSettings(option.settings);
  return option;
}

function checkSettings(settings: unknown): void {
  if (
    settings === undefined ||
    (typeof settings === 'object' && settings !== null && !Array.isArray(settings))
  )
    return;
  throw new TypeError("inject.settings must be an object, for example { position: 'left' }.");
}
