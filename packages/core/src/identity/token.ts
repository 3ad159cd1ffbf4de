/** Where an administrator finds an inbox's tokens. */
export const WHERE: string = 'Copy it from Chatwoot: Inboxes > your website inbox > Settings > Configuration';

/** Says how an HMAC token is unusable, without showing it; undefined when it is fine. */
export function problemWithHmacToken(name: string, token: unknown): string | undefined {
  return problemWithToken(name, token, `${WHERE} > Identity Validation`);
}

/** The same for any token; `where` says where to copy it from. */
export function problemWithToken(name: string, token: unknown, where: string): string | undefined {
  if (typeof token !== 'string') {
    return `${name} must be a string and is ${token === null ? 'null' : typeof token}. ${where}, and check that the environment variable is set.`;
  }
  if (token === '') return `${name} is empty. ${where}, and check that the environment variable is set.`;
  if (token !== token.trim()) {
    return `${name} has white space or a line break around it, so every hash would be refused. Remove it where the token is stored.`;
  }
  return undefined;
}
