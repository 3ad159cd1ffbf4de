import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const packages = new URL('../packages/', import.meta.url);
const { resolve } = createRequire(import.meta.url);

/** What a user may import, and what they find there at run time. Read, not run: Next.js' entries run only in Next.js. */
async function exportsOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [resolve(entry)],
    outdir: '/',
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  return Object.values(metafile.outputs)[0]!.exports.sort();
}

it('every package exports at run time what it has promised, and no more', async () => {
  const found: Record<string, string[]> = {};
  for (const folder of readdirSync(packages)) {
    const { name, exports } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), 'utf8'));
    for (const subpath of Object.keys(exports)) {
      const entry = name + subpath.slice(1);
      if (!entry.endsWith('.json')) found[entry] = await exportsOf(entry);
    }
  }
  expect(found).toMatchInlineSnapshot(`
    {
      "@chatwoot-identity/browser": [
        "connect",
        "disconnect",
        "refresh",
        "status",
        "subscribe",
        "suspend",
        "toggle",
      ],
      "@chatwoot-identity/browser/script": [
        "hash",
        "source",
      ],
      "@chatwoot-identity/core": [
        "ChatwootIdentityError",
        "createChatwootIdentity",
        "explainMismatch",
        "identifierHash",
        "logoutCookies",
        "verifyIdentifierHash",
      ],
      "@chatwoot-identity/core/adapter": [
        "HtmlInjector",
        "NodeHeaders",
        "Page",
        "RequestIdentity",
        "checkContact",
        "checkOptions",
        "compileOnError",
        "createAdapter",
        "createEndpoint",
        "createIdentityResolver",
        "injectIntoText",
        "isHtml",
        "logOut",
        "preventCaching",
        "renderMarkup",
        "setEndpointHeaders",
      ],
      "@chatwoot-identity/core/audits": [
        "ProbeError",
        "endpointAudits",
        "probe",
      ],
      "@chatwoot-identity/express": [
        "chatwootIdentity",
        "chatwootLogout",
      ],
      "@chatwoot-identity/jwt": [
        "JwtSessionError",
        "jwtContact",
        "jwtSession",
      ],
      "@chatwoot-identity/koa": [
        "chatwootIdentity",
        "chatwootLogout",
      ],
      "@chatwoot-identity/next": [
        "chatwootIdentity",
      ],
      "@chatwoot-identity/next/client": [
        "ChatwootWidget",
        "useChatwoot",
      ],
      "@chatwoot-identity/next/pages": [
        "chatwootIdentityPages",
      ],
      "@chatwoot-identity/sandbox": [
        "startSandbox",
      ],
    }
  `);
});
