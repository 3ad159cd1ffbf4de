import { type ErrorRequestHandler, Router } from 'express';
import { RecordInvalid } from './contact.js';
import type { Inbox } from './inbox.js';
import { notFound, readBody, unreadable } from './request.js';
import { noteContact } from './visitor.js';
import { widgetContact } from './widget-contact.js';
import { widgetConversation } from './widget-conversation.js';

/** What the widget in the iframe asks: `/api/v1/widget/...`, as Chatwoot answers it. */
export function widgetApi(inbox: Inbox): Router {
  const router = Router();
  router.use(readBody);
  router.use((request, response, next) => {
    if (request.query.website_token === inbox.websiteToken) {
      const sourceId = inbox.tokens.read(request.get('X-Auth-Token') ?? '');
      response.locals.session = inbox.findSession('web_widget', sourceId);
    }
    if (response.locals.session) return next();
    if (request.method === 'PATCH') noteContact(inbox, request, response, 404);
    notFound(request, response, next);
  });
  router.use('/contact', widgetContact(inbox));
  router.use('/', widgetConversation(inbox));
  router.use(notFound);
  const invalid: ErrorRequestHandler = (error, request, response, next) => {
    if (error instanceof RecordInvalid) {
      noteContact(inbox, request, response, 422);
      response.status(422).json({ message: error.message, attributes: error.attributes });
    } else {
      if (error?.status === 400 && request.method === 'PATCH') noteContact(inbox, request, response, 400);
      unreadable(error, request, response, next);
    }
  };
  router.use(invalid);
  return router;
}
