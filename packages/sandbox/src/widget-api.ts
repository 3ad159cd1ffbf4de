import { type ErrorRequestHandler, type Request, Router } from 'express';
import { RecordInvalid } from './contact.js';
import type { Inbox } from './inbox.js';
import { notFound, paramsOf, readBody, unreadable } from './request.js';
import { noteContact, sessionOf } from './visitor.js';
import { widgetContact } from './widget-contact.js';
import { widgetConversation } from './widget-conversation.js';

/**
 * Returns the router of the API that the widget in the iframe calls (`/api/v1/widget/...`). The router sends
 * the same responses as Chatwoot.
 */
export function widgetApi(inbox: Inbox): Router {
  const router = Router();
  router.use(readBody);
  router.use((request, response, next) => {
    if (request.query.website_token === inbox.websiteToken) {
      const sourceId = inbox.tokens.read(request.get('X-Auth-Token') ?? '');
      response.locals.session = inbox.findSession('web_widget', sourceId);
    }
    if (response.locals.session) return next();
    if (identifies(request)) noteContact(inbox, request, response, 404);
    notFound(request, response, next);
  });
  router.use('/contact', widgetContact(inbox));
  router.post('/events', (request, response) => {
    const session = sessionOf(response);
    if (paramsOf(request).name === 'webwidget.triggered') {
      inbox.record.add({ type: 'chat_opened', sessionId: session.id, contactId: session.contact.id });
    }
    response.status(204).end();
  });
  router.use('/', widgetConversation(inbox));
  router.use(notFound);
  const invalid: ErrorRequestHandler = (error, request, response, next) => {
    if (error instanceof RecordInvalid) {
      noteContact(inbox, request, response, 422);
      response.status(422).json({ message: error.message, attributes: error.attributes });
    } else {
      if (error?.status === 400 && identifies(request)) noteContact(inbox, request, response, 400);
      unreadable(error, request, response, next);
    }
  };
  router.use(invalid);
  return router;
}

const identifies = ({ method }: Request): boolean => method === 'PATCH' || method === 'PUT';
