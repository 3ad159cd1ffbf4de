import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app';

async function main() {
  process.env.CHATWOOT_HMAC_TOKEN = 'EPyYngFb62yBMWXaSCrUZoL9';
  process.env.CHATWOOT_WEBSITE_TOKEN = 'S7qSB2oFvtsTxvUmJrSLSdLr';
  process.env.CHATWOOT_BASE_URL = 'https://chat.example.com';
  const server = createServer(createApp()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const login = await fetch(`${url}/login`, { method: 'POST' });
  const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
  const identity = await fetch(`${url}/chatwoot/identity`, { headers: { cookie } });
  console.log(await identity.text());
  server.close();
}

void main();
