import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const packages = new URL('../../packages/', import.meta.url);

/**
 * Returns the names that a module exports at run time. Parses the module instead of running it, because the
 * entries for Next.js run only in Next.js.
 */
async function exportsOf(file: URL): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(file)],
    outdir: '/',
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  return Object.values(metafile.outputs)[0]!.exports.sort();
}

it('every package exports the documented names at run time, and no others', async () => {
  const found: Record<string, string[]> = {};
  for (const folder of readdirSync(packages)) {
    const { name, exports } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), 'utf8'));
    for (const [subpath, entry] of Object.entries<{ import?: { default: string } }>(exports)) {
      if (!entry.import) continue; // the entry for package.json
      found[name + subpath.slice(1)] = await exportsOf(
        new URL(`${folder}/${entry.import.default}`, packages),
      );
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
      "@chatwoot-identity/browser/global": [],
      "@chatwoot-identity/browser/script": [
        "hash",
        "source",
      ],
      "@chatwoot-identity/core": [
        "ChatwootIdentityError",
        "createChatwootIdentity",
        "identifierHash",
        "logoutCookies",
        "verifyIdentifierHash",
        "verifyWebhook",
      ],
      "@chatwoot-identity/core/internal": [
        "HtmlInjector",
        "NEVER_CACHED",
        "NO_SHARED_CACHE",
        "NodeHeaders",
        "Page",
        "RequestIdentity",
        "WebHeaders",
        "bareToken",
        "checkContact",
        "checkOptions",
        "compileInject",
        "compileOnError",
        "createAdapter",
        "createEndpoint",
        "createIdentityResolver",
        "injectIntoText",
        "internalServerError",
        "isHtml",
        "logOut",
        "preventCaching",
        "problemWithHmacToken",
        "renderMarkup",
        "setEndpointHeaders",
        "toIdentifier",
      ],
      "@chatwoot-identity/core/wire": [],
      "@chatwoot-identity/diagnostics": [
        "NotJudged",
        "ProbeError",
        "endpointAudits",
        "explainMismatch",
        "pageAudits",
        "probe",
      ],
      "@chatwoot-identity/express": [
        "chatwootIdentity",
        "chatwootLogout",
      ],
      "@chatwoot-identity/fetch": [
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
