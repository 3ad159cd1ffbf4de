import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import { requireProgram } from '../support/require-program.js';

/** A caching proxy in a common configuration. */
export interface CachingProxy {
  name: string;
  /** Starts the proxy in front of an origin server. Throws if the program is not installed. */
  start(origin: string): Promise<{ url: string; stop(): Promise<void> }>;
}

/** nginx with `proxy_cache` configured as in the nginx documentation, and with additional directives. */
function nginx(name: string, more = ''): CachingProxy {
  return proxy(name, 'nginx', 'nginx', async (folder, port, origin) => {
    await writeFile(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid nginx.pid; error_log stderr notice;
       events {}
       http {
         access_log off;
         client_body_temp_path body; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
         proxy_temp_path proxy;
         proxy_cache_path cache keys_zone=pages:1m;
         server {
           listen 127.0.0.1:${port};
           location / {
             proxy_pass ${origin};
             proxy_http_version 1.1;
             proxy_cache pages;
             proxy_cache_valid any 10m;
             proxy_cache_lock on;
             proxy_cache_revalidate on;
             proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
             ${more}
           }
         }
       }`,
    );
    return {
      args: ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'],
      // nginx logs this line after it has bound the port.
      ready: 'using the "epoll" event method',
    };
  });
}

/**
 * Varnish with the built-in rules, except that responses to requests with a cookie are cached. Sites often change this
 * rule.
 */
const varnish: CachingProxy = proxy(
  'Varnish, which also caches responses to requests with cookies',
  'varnish',
  'varnishd',
  async (folder, port, origin) => {
    const { hostname, port: originPort } = new URL(origin);
    await writeFile(
      join(folder, 'default.vcl'),
      `vcl 4.1;
       backend default { .host = "${hostname}"; .port = "${originPort}"; }
       sub vcl_recv { if (req.method == "GET" || req.method == "HEAD") { return (hash); } }`,
    );
    return {
      args: ['-F', '-n', join(folder, 'work'), '-a', `127.0.0.1:${port}`, '-f', join(folder, 'default.vcl')],
      ready: 'said Child starts',
    };
  },
);

export const cachingProxies: readonly CachingProxy[] = [
  nginx('nginx with the default rules of proxy_cache'),
  nginx(
    'nginx, which reads only Cache-Control',
    'proxy_ignore_headers Expires X-Accel-Expires Set-Cookie Vary;',
  ),
  nginx(
    'nginx, which caches HEAD and GET separately',
    'proxy_cache_convert_head off; proxy_cache_key "$request_method $host$request_uri";',
  ),
  varnish,
];

function proxy(
  name: string,
  debianPackage: string,
  command: string,
  prepare: (folder: string, port: number, origin: string) => Promise<{ args: string[]; ready: string }>,
): CachingProxy {
  // Debian installs servers in directories that are only on the PATH of root.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

  return {
    name,
    async start(origin) {
      requireProgram(command, debianPackage, env);
      const folder = await mkdtemp(join(tmpdir(), `${command}-`));
      // Varnish changes to another user if root starts it, and that user must be able to read the folder.
      await chmod(folder, 0o755);
      const port = await freePort();
      const { args, ready } = await prepare(folder, port, origin);
      const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const exit = once(child, 'exit');
      const stop = async () => {
        child.kill();
        await exit;
        await rm(folder, { recursive: true });
      };
      await saying(child, ready).catch((error) => stop().then(() => Promise.reject(error)));
      return { url: `http://127.0.0.1:${port}`, stop };
    },
  };
}

/** Waits until a program prints `text`. Throws an error with the output of the program if it exits first. */
function saying(child: ChildProcess, text: string): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
        if (output.includes(text)) resolve();
      });
    }
    child.on('exit', () => reject(new Error(`${child.spawnfile} ended: ${output}`)));
    child.on('error', reject);
  });
}
