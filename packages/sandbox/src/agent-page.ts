import { type RequestHandler, Router } from 'express';
import type { SandboxContact } from './contact.js';
import type { Inbox } from './inbox.js';
import { notFound, readBody, unreadable } from './request.js';
import type { EventStreams } from './stream.js';

/** Serves the agent's page (`GET /`) and the routes under `/sandbox/` that the page calls. */
export function agentPage(
  inbox: Inbox,
  publicFolder: string,
  streams: EventStreams,
  baseUrl: () => string,
): Router {
  const router = Router();

  router.get('/', (_request, response) => {
    const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    response.set({ 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' });
    response.sendFile('agent.html', { root: publicFolder });
  });

  router.use('/sandbox', sameOrigin, readBody);

  router.get('/sandbox/events', (_request, response) => {
    let pending: NodeJS.Immediate | undefined;
    const unsubscribe = inbox.record.subscribe(() => {
      pending ??= setImmediate(() => {
        pending = undefined;
        send('state', state());
      });
    });
    const send = streams.open(response, () => {
      clearImmediate(pending);
      unsubscribe();
    });
    send('state', state());
  });

  router.patch('/sandbox/inbox', (request, response) => {
    inbox.hmacMandatory = request.body?.hmac_mandatory === true;
    response.status(204).end();
  });

  router.post('/sandbox/inbox/rotate_hmac_token', (_request, response) => {
    inbox.rotateHmacToken();
    response.status(204).end();
  });

  router.post('/sandbox/sessions/:id/messages', (request, response, next) => {
    const id = Number(request.params.id);
    if (!inbox.sessions.some((session) => session.id === id)) return next();
    inbox.reply(id, String(request.body?.content ?? ''));
    response.status(204).end();
  });

  router.use('/sandbox', notFound, unreadable);
  return router;

  /** Returns the data that the page shows. */
  function state(): unknown {
    const { websiteToken, hmacToken, hmacMandatory, identifier } = inbox;
    return {
      inbox: { baseUrl: baseUrl(), websiteToken, hmacToken, hmacMandatory, identifier },
      contacts: inbox.contacts.map((contact) => ({ ...contact, chats: chatsOf(contact) })),
      events: inbox.record.events.slice(-60),
    };
  }

  /**
   * Returns a contact's chats, one per conversation. All verified sessions share one conversation. A session
   * without messages is also a chat, but only the newest session without messages is returned.
   */
  function chatsOf(contact: SandboxContact): unknown[] {
    const chats = new Map<string, object>();
    for (const session of inbox.sessions.filter((each) => each.contact === contact)) {
      const messages = inbox.conversationOf(session)?.messages ?? [];
      const { id, channel, hmacVerified, createdAt } = session;
      const key = messages.length > 0 ? `${inbox.conversationOf(session)?.id}` : `${channel} ${hmacVerified}`;
      const at = messages.at(-1)?.at ?? createdAt;
      chats.set(key, { sessionId: id, channel, hmacVerified, at, messages });
    }
    return [...chats.values()];
  }
}

/**
 * Rejects requests from other sites. Also rejects requests to any host name except localhost and 127.0.0.1,
 * because an attacker's host name can resolve to this machine (DNS rebinding).
 */
const sameOrigin: RequestHandler = (request, response, next) => {
  const site = request.get('Sec-Fetch-Site') ?? 'same-origin';
  const loopback = ['127.0.0.1', 'localhost'].includes(request.hostname);
  if (loopback && ['same-origin', 'none'].includes(site)) return next();
  response.status(403).json({ error: "Only the sandbox's own page may call this route." });
};
