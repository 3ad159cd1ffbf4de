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

/** The running SDK. */
export const chatwoot = (): Chatwoot | undefined => own('$chatwoot', 'setUser');

/** `window.chatwootSDK`: the SDK's script has been evaluated, but the widget may not have been started. */
export const chatwootSDK = (): Window['chatwootSDK'] => own('chatwootSDK', 'run');

/**
 * A global of the SDK, or undefined. HTML of other users may add an element with `id="$chatwoot"` to the page (DOM
 * clobbering), or a frame of that name, whose properties throw when they are read from another origin.
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
 * Loads the SDK's script, which does not start the widget yet. Rejects if it cannot be loaded, or if the page enforces
 * Trusted Types and forbids the policy `chatwoot-identity`.
 */
export function loadSdk(baseUrl: string, nonce: string | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const url = `${baseUrl}/packs/js/sdk.js`;
    try {
      policy ??= window.trustedTypes?.createPolicy('chatwoot-identity', { createScriptURL: (url) => url });
    } catch {} // forbidden, but a plain URL may still be allowed
    script.src = policy?.createScriptURL(url) ?? url;
    script.nonce = nonce ?? document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
    script.onload = resolve;
    script.onerror = reject;
    const append = () => document.body.append(script);
    // The SDK reads document.body as soon as it is evaluated.
    if (document.body) append();
    else addEventListener('DOMContentLoaded', append);
  });
}
