import { isPlaceholder } from './identifier.js';

/** The advice that tells an administrator where to find an inbox's tokens. */
export const WHERE: string = 'Copy it from Chatwoot: Inboxes > your website inbox > Settings > Configuration';

/**
 * Returns a message that describes why an HMAC token is unusable, but does not contain the token. Returns
 * undefined if the token is usable.
 */
export function problemWithHmacToken(name: string, token: unknown): string | undefined {
  return problemWithToken(name, token, `${WHERE} > Identity Validation`);
}

/**
 * Returns a message that describes why a token is unusable, but does not contain the token. Returns undefined
 * if the token is usable. The parameter `where` is the advice on where to copy the token.
 */
export function problemWithToken(name: string, token: unknown, where: string): string | undefined {
  if (typeof token !== 'string') {
    return `${name} must be a string and is ${token === null ? 'null' : typeof token}. ${where}, and check that the environment variable is set.`;
  }
  if (token === '') return `${name} is empty. ${where}, and check that the environment variable is set.`;
  if (isPlaceholder(token)) {
    return `${name} is the text of a missing value (such as "undefined"). ${where}, and check that the environment variable is set.`;
  }
  if (/^[•*.…]+$/.test(token)) {
    return `${name} is masked. Reveal it in Chatwoot before you copy it. ${where}.`;
  }
  if (token !== token.trim()) {
    return `${name} has white space or a line break around it, so Chatwoot would refuse it. Remove it where the token is stored.`;
  }
  if (token !== bareToken(token)) {
    return `${name} has quotes around it, so Chatwoot would refuse it. Remove them where the token is stored: docker run --env-file does not remove quotes.`;
  }
  return undefined;
}

/** Removes surrounding white space and quotes, which Chatwoot's tokens never contain. */
export function bareToken(token: string): string {
  return token
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim();
}
