/** The SDK's object in the page. */
export interface Chatwoot {
  readonly websiteToken: string;
  readonly hasLoaded?: boolean;
  readonly identifier?: string | number;
  user?: object | undefined;
  setUser(identifier: string, user: object): void;
  reset(): void;
  toggle(state?: 'open' | 'close'): void;
  toggleBubbleVisibility(visibility: 'show' | 'hide'): void;
}

declare global {
  interface Window {
    chatwootSettings?: object | undefined;
    chatwootSDK?: { run(options: { baseUrl: string; websiteToken: string }): void } | undefined;
    $chatwoot?: Chatwoot | undefined;
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    };
  }
}

/** The running SDK. */
export const chatwoot = (): Window['$chatwoot'] => own('$chatwoot', 'setUser');

/** The SDK's script, evaluated but perhaps not started. */
export const chatwootSDK = (): Window['chatwootSDK'] => own('chatwootSDK', 'run');

/**
 * A global of the SDK, or undefined. HTML that other users wrote may bring an element with `id="$chatwoot"` into the
 * page (DOM clobbering), or a frame of that name, whose properties must not be read.
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
 * A script element that loads the SDK.
 *
 * @throws TypeError if the page enforces Trusted Types and forbids the policy `chatwoot-identity`.
 */
export function createSdkScript(baseUrl: string, nonce: string | undefined): HTMLScriptElement {
  const script = document.createElement('script');
  const url = `${baseUrl}/packs/js/sdk.js`;
  try {
    policy ??= window.trustedTypes?.createPolicy('chatwoot-identity', { createScriptURL: (url) => url });
  } catch {} // forbidden: a plain address may still be allowed
  script.src = policy?.createScriptURL(url) ?? url;
  script.nonce = nonce ?? document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
  return script;
}
