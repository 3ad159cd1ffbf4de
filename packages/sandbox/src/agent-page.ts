import { type RequestHandler, Router } from 'express';
import type { Inbox } from './inbox.js';
import { notFound, readBody, unreadable } from './request.js';
import type { EventStreams } from './stream.js';

/** `GET /`, the agent's side, and what it asks the sandbox under `/sandbox/`. */
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

  /** All that the page shows. Sessions come with their conversation, or without one before the first message. */
  function state(): unknown {
    const { websiteToken, hmacToken, hmacMandatory, identifier } = inbox;
    return {
      inbox: { baseUrl: baseUrl(), websiteToken, hmacToken, hmacMandatory, identifier },
      contacts: inbox.contacts,
      sessions: inbox.sessions.map((session) => ({
        id: session.id,
        channel: session.channel,
        contactId: session.contact.id,
        hmacVerified: session.hmacVerified,
        createdAt: session.createdAt,
        messages: inbox.conversations
          .filter((conversation) => conversation.session === session)
          .flatMap((conversation) => conversation.messages),
      })),
      events: inbox.record.events.slice(-60),
    };
  }
}

/** Keeps other pages, and other names that resolve to this machine, away from the agent's side. */
const sameOrigin: RequestHandler = (request, response, next) => {
  const site = request.get('Sec-Fetch-Site') ?? 'same-origin';
  const loopback = ['127.0.0.1', 'localhost'].includes(request.hostname);
  if (loopback && ['same-origin', 'none'].includes(site)) return next();
  response.status(403).json({ error: 'The agent side of the sandbox answers its own page only.' });
};
