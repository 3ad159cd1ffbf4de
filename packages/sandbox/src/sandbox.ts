import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import publicFolder from '../public-folder.cjs';
import { agentPage } from './agent-page.js';
import type { SandboxContact } from './contact.js';
import type { SandboxConversation } from './conversation.js';
import { Inbox } from './inbox.js';
import { publicApi } from './public-api.js';
import type { SandboxEvent } from './record.js';
import { anyOrigin, notFound } from './request.js';
import type { SandboxSession } from './session.js';
import { EventStreams } from './stream.js';
import { type SandboxWebhook, startWebhook } from './webhook.js';
import { widgetApi } from './widget-api.js';
import { widgetPage } from './widget-page.js';

/**
 * The Chatwoot versions that represent the two fingerprint formats of Chatwoot's SDK; see
 * `SandboxOptions.generation`.
 */
export type SandboxGeneration = '4.16' | '4.18';

/** Options of {@link startSandbox}. All options are optional. */
export interface SandboxOptions {
  /** The TCP port on 127.0.0.1. If left out, the sandbox uses a free port. */
  readonly port?: number | undefined;
  /**
   * The HMAC token, which signs identifiers. If left out, the token consists of 24 random base58 characters, as
   * in Chatwoot.
   */
  readonly hmacToken?: string | undefined;
  /** The public token of the website inbox. If left out, the token is random. */
  readonly websiteToken?: string | undefined;
  /**
   * Whether identity validation is enforced from the start. Chatwoot calls this setting "Require identity validation for
   * all conversations"; up to version 4.15 it was "Enforce User Identity Validation".
   * @default false
   */
  readonly hmacMandatory?: boolean | undefined;
  /**
   * The Chatwoot version whose SDK the sandbox reproduces. The SDK skips `setUser` if the fingerprint of the
   * user equals the value of its cookie. Up to 4.16, the fingerprint covers the avatar, email, name, identifier
   * and hash. From 4.17.1 on, the fingerprint also covers the phone number, company, city, country, description
   * and social profiles (chatwoot/chatwoot 15538).
   * @default '4.18'
   */
  readonly generation?: SandboxGeneration | undefined;
  /**
   * The labels that the account defines. Chatwoot ignores all other labels.
   * @default []
   */
  readonly labels?: readonly string[] | undefined;
  /**
   * The receiver of contact, conversation and message events. The sandbox signs the events as Chatwoot signs
   * its webhooks. If left out, no events are sent.
   */
  readonly webhook?: SandboxWebhook | undefined;
}

/** A running sandbox inbox. The properties of a sandbox always show the current state. */
export interface Sandbox {
  /**
   * The address of the sandbox, without a trailing slash. In a browser, this address shows the agent's page.
   */
  readonly baseUrl: string;
  /** The HMAC token, which signs identifiers. `rotateHmacToken()` replaces the token. */
  readonly hmacToken: string;
  /** The public token of the website inbox. */
  readonly websiteToken: string;
  /** The inbox's identifier in the public client API. */
  readonly inboxIdentifier: string;
  /** The `inbox` option of the adapters, with the current token. */
  readonly inbox: { readonly hmacToken: string; readonly websiteToken: string; readonly baseUrl: string };
  /** Whether identity validation is enforced. Tests may set this property at any time. */
  hmacMandatory: boolean;
  /** All contacts. */
  readonly contacts: readonly SandboxContact[];
  /** All sessions, including those without a message. */
  readonly sessions: readonly SandboxSession[];
  /** All conversations. */
  readonly conversations: readonly SandboxConversation[];
  /** All events, oldest first. Events never contain a token or a hash. */
  readonly record: readonly SandboxEvent[];
  /**
   * Resolves with the first event, past or future, for which `predicate` returns true, so that tests need not sleep.
   * Rejects if the sandbox is closed before an event matches.
   */
  until<Event extends SandboxEvent>(predicate: (event: SandboxEvent) => event is Event): Promise<Event>;
  /** Resolves with the first event, past or future, for which `predicate` returns true. */
  until(predicate: (event: SandboxEvent) => boolean): Promise<SandboxEvent>;
  /**
   * Replaces the HMAC token and returns the new one. From then on, the sandbox refuses every hash made with
   * the old token.
   */
  rotateHmacToken(): string;
  /** Sends a message from the agent to the conversation that the session's widget shows. */
  reply(sessionId: number, content: string): void;
  /** Closes all connections and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts an embedded Chatwoot inbox for development and tests, on 127.0.0.1 only. The sandbox serves the SDK,
 * the widget, their APIs and the agent's page. The sandbox verifies hashes as Chatwoot does, with or without
 * enforcement. The behaviour of the sandbox was checked against Chatwoot's own controllers and SDK. All data is
 * stored in memory.
 *
 * @param options the port, the tokens, and whether identity validation is enforced
 * @returns the running sandbox
 * @throws {Error} if `NODE_ENV` is `production`, or if the port is in use
 * @throws {TypeError} if a token is empty or not a string, `generation` is unknown, or `webhook` is incomplete
 * @example
 * const sandbox = await startSandbox({ port: 3001 });
 * app.use(chatwootIdentity({ inbox: sandbox.inbox, contact: () => ({ identifier: 'user-1', name: 'Ada' }) }));
 * @example
 * const sandbox = await startSandbox({ hmacMandatory: true });
 * const event = await sandbox.until((event) => event.type === 'set_user');
 * await sandbox.close();
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  if (process.env.NODE_ENV === 'production') {
    throw new Error(
      'The sandbox is for development and tests: start it only if NODE_ENV is not "production".',
    );
  }
  checkOptions(options);

  const inbox = new Inbox(options);
  const stopWebhook = options.webhook && startWebhook(inbox, options.webhook);
  const sdk = readSdk(options.generation ?? '4.18');
  const streams = new EventStreams();
  const app = express().disable('x-powered-by');
  const asset = (name: string) => express.static(join(publicFolder, name));
  app.use('/packs', anyOrigin);
  app.get('/packs/js/sdk.js', (_request, response) => void response.type('js').send(sdk));
  app.use('/audio', anyOrigin, (_request, response) => void response.status(204).end());
  app.use(widgetPage(inbox, publicFolder, streams));
  app.use('/api/v1/widget', widgetApi(inbox));
  app.use('/public/api/v1/inboxes', publicApi(inbox));
  app.use('/sandbox/assets', asset('.'));
  app.use(agentPage(inbox, publicFolder, streams, () => baseUrl));
  app.use(notFound);

  const server = createServer(app);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  console.warn(
    `The Chatwoot sandbox at ${baseUrl} is for development and tests only: its data is neither stored nor secret.`,
  );

  return {
    baseUrl,
    websiteToken: inbox.websiteToken,
    inboxIdentifier: inbox.identifier,
    contacts: inbox.contacts,
    sessions: inbox.sessions,
    conversations: inbox.conversations,
    record: inbox.record.events,
    get hmacToken() {
      return inbox.hmacToken;
    },
    get inbox() {
      return { hmacToken: inbox.hmacToken, websiteToken: inbox.websiteToken, baseUrl };
    },
    get hmacMandatory() {
      return inbox.hmacMandatory;
    },
    set hmacMandatory(mandatory) {
      inbox.hmacMandatory = mandatory;
    },
    until: (predicate: (event: SandboxEvent) => boolean) => inbox.record.until(predicate) as Promise<never>,
    rotateHmacToken: () => inbox.rotateHmacToken(),
    reply: (sessionId, content) => inbox.reply(sessionId, content),
    async close() {
      if (!server.listening) return;
      stopWebhook?.();
      streams.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      inbox.record.close();
    },
  };
}

function checkOptions({ generation, webhook, ...options }: SandboxOptions): void {
  for (const name of ['hmacToken', 'websiteToken'] as const) {
    const token = options[name];
    if (token !== undefined && (typeof token !== 'string' || token === '')) {
      throw new TypeError(`"${name}" must be a non-empty string; leave it out to use a random one.`);
    }
  }
  if (generation !== undefined && !['4.16', '4.18'].includes(generation)) {
    throw new TypeError(`"generation" must be '4.16' or '4.18'; leave it out to use '4.18'.`);
  }
  if (!webhook) return;
  if (!/^https?:/.test(protocolOf(webhook.url))) {
    throw new TypeError('"webhook.url" must be an http or https address.');
  }
  if (typeof webhook.secret !== 'string' || webhook.secret === '') {
    throw new TypeError(
      '"webhook.secret" must be a non-empty string: the receiver verifies signatures with it.',
    );
  }
}

/** Returns the source of the SDK script, with the fingerprint format of a generation. */
function readSdk(generation: SandboxGeneration): string {
  const script = readFileSync(join(publicFolder, 'sdk.js'), 'utf8');
  return script.replace("generation = '4.18'", `generation = '${generation}'`);
}

function protocolOf(url: unknown): string {
  try {
    return new URL(String(url)).protocol;
  } catch {
    return '';
  }
}
