/**
 * Reads a cookie from a `Cookie` header. If several cookies have the same name, the first cookie is used. The value
 * may be in double quotes and percent-encoded. If there is no cookie called `name`, its chunks `name.0`, `name.1`,
 * ... are joined.
 *
 * @param header the `Cookie` header of the request
 * @param name the exact name of the cookie, including a prefix such as `__Host-`
 * @returns the value, or undefined if the request has no such cookie
 */
export function readCookie(header: string, name: string): string | undefined {
  const found = new Map<string, string>();
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    const key = trim(pair.slice(0, Math.max(equals, 0)));
    if (key !== name && !key.startsWith(`${name}.`)) continue;
    if (!found.has(key)) found.set(key, unquote(trim(pair.slice(equals + 1))));
  }
  const value = found.get(name) ?? joinChunks(found, name);
  return value === undefined ? undefined : decode(value);
}

function joinChunks(found: Map<string, string>, name: string): string | undefined {
  let value: string | undefined;
  for (let index = 0; ; index++) {
    const chunk = found.get(`${name}.${index}`);
    if (chunk === undefined) return value;
    value = (value ?? '') + chunk;
  }
}

// Removes only spaces and tabs. With `String#trim`, which also removes U+00A0, another subdomain could set a cookie
// named "\u00a0__Host-session", which would be read as `__Host-session`.
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text, start)) start++;
  while (end > start && isBlank(text, end - 1)) end--;
  return text.slice(start, end);
}

function isBlank(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 0x20 || code === 0x09;
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

function decode(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
