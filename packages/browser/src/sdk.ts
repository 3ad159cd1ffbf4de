import type { Chatwoot } from './global.js';

declare global {
  interface Window {
    chatwootSDK?: { run(options: { baseUrl: string; websiteToken: string }): void } | undefined;
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    };
  }
}

/** Returns the running SDK; undefined if it has not started. */
export const chatwoot = (): Chatwoot | undefined => own('$chatwoot', 'setUser');

/**
 * Returns `window.chatwootSDK`, which exists once the SDK's script has been evaluated, even if the widget has
 * not been started.
 */
export const chatwootSDK = (): Window['chatwootSDK'] => own('chatwootSDK', 'run');

/**
 * Returns a global variable of the SDK; undefined if the variable is not the SDK. User-generated HTML may add
 * an element with `id="$chatwoot"` to the page (DOM clobbering), or a frame with that name. Reading a
 * property of a cross-origin frame throws.
 */
function own<Name extends '$chatwoot' | 'chatwootSDK'>(name: Name, method: string): Window[Name] {
  try {
    const value = window[name];
    if (typeof (value as never)?.[method] === 'function') return value;
  } catch {}
  return undefined;
}

let policy: { createScriptURL(url: string): string } | undefined;

/**
 * Loads the SDK's script without starting the widget. Rejects if the script cannot be loaded, or if the page
 * enforces Trusted Types and forbids the policy `chatwoot-identity`.
 */
export function loadSdk(baseUrl: string, nonce: string | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const url = `${baseUrl}/packs/js/sdk.js`;
    try {
      policy ??= window.trustedTypes?.createPolicy('chatwoot-identity', { createScriptURL: (url) => url });
    } catch {} // the page forbids the policy, but may still allow a plain URL
    script.src = policy?.createScriptURL(url) ?? url;
    script.nonce = nonce ?? document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
    script.onload = resolve;
    script.onerror = reject;
    const append = () => document.body.append(script);
    // The SDK reads document.body as soon as its script is evaluated.
    if (document.body) append();
    else addEventListener('DOMContentLoaded', append);
  });
}
