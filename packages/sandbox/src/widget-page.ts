import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Response, Router } from 'express';
import { messageJson } from './conversation.js';
import type { Inbox } from './inbox.js';
import { notFound } from './request.js';
import type { Session } from './session.js';
import type { EventStreams } from './stream.js';

/**
 * Serves the page inside the iframe (`GET /widget`) and two routes that Chatwoot does not have. One route
 * returns the visitor of a session, because Chatwoot does not tell its widget whether the session is verified.
 * The other route is an event stream that replaces Chatwoot's websocket.
 */
export function widgetPage(inbox: Inbox, publicFolder: string, streams: EventStreams): Router {
  const router = Router();
  const page = readFileSync(join(publicFolder, 'widget.html'), 'utf8');

  router.get('/widget', (request, response) => {
    if (request.query.website_token !== inbox.websiteToken) {
      response.status(404).json({ error: 'web widget does not exist' });
      return;
    }
    const { cw_conversation } = request.query;
    const token = typeof cw_conversation === 'string' ? cw_conversation : '';
    const resumed = inbox.findSession('web_widget', inbox.tokens.read(token));
    const session = resumed ?? inbox.createSession('web_widget');
    if (resumed) {
      inbox.record.add({ type: 'session_resumed', sessionId: session.id, contactId: session.contact.id });
    }
    const config = {
      authToken: resumed ? token : inbox.tokens.issue(session), // Chatwoot returns a resumed token unchanged and never renews it
      pubsubToken: session.pubsubToken,
      channelConfig: {
        websiteToken: inbox.websiteToken,
        websiteName: 'Sandbox',
        widgetColor: '#2f6feb',
        locale: 'en',
      },
    };
    response.set('Cache-Control', 'no-store').type('html');
    response.send(page.replace('{}', () => JSON.stringify(config).replaceAll('<', '\\u003c')));
  });

  router.get('/sandbox/me', (request, response, next) => {
    const session = inbox.findSession('web_widget', inbox.tokens.read(request.get('X-Auth-Token') ?? ''));
    if (session) response.set('Cache-Control', 'no-store').json(visitorJson(session));
    else notFound(request, response, next);
  });

  router.get('/sandbox/cable', (request, response, next) => {
    const session = inbox.sessions.find(({ pubsubToken }) => pubsubToken === request.query.pubsub_token);
    if (session) streamTo(session, response);
    else notFound(request, response, next);
  });

  return router;

  function streamTo(session: Session, response: Response): void {
    const unsubscribe = inbox.record.subscribe((event) => {
      if (event.type === 'set_user' && event.status === 200 && event.sessionId === session.id) {
        send('contact', {});
      }
      if (event.type !== 'message_created') return;
      const conversation = inbox.conversations.find(({ id }) => id === event.conversationId);
      const message = conversation?.messages.find(({ id }) => id === event.messageId);
      if (message && conversation?.visibleTo(session)) send('message', messageJson(message, conversation));
    });
    const send = streams.open(response, unsubscribe);
  }
}

const visitorJson = ({ contact, hmacVerified }: Session) => ({
  name: contact.name,
  identifier: contact.identifier,
  email: contact.email,
  hmac_verified: hmacVerified,
});
