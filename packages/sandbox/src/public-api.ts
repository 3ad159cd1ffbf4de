import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { attributes, contactKeys, RecordInvalid, validateFormats, validateLengths } from './contact.js';
import { type Conversation, messageJson } from './conversation.js';
import type { Inbox } from './inbox.js';
import { anyOrigin, notFound, paramsOf, readBody, unreadable } from './request.js';
import { blank, toS } from './ruby.js';
import type { Session } from './session.js';
import { type Params, validHash } from './verification.js';
import { noteContact, sessionOf } from './visitor.js';

/**
 * Returns the router of the public client API (`/public/api/v1/inboxes/...`), which serves apps without the
 * widget. This API differs from the widget's API. A wrong hash results in a 500. Creating a contact never
 * verifies the session. The identifier and hash of any user verify the session in the URL.
 */
export function publicApi(inbox: Inbox): Router {
  const router = Router();
  const mustVerify = (params: Params) => inbox.hmacMandatory || !blank(params.identifier_hash);
  router.use(anyOrigin, readBody);

  router.use('/:inbox', (request, response, next) => {
    if (request.params.inbox === inbox.identifier) next();
    else notFound(request, response, next);
  });

  router.get('/:inbox', (_request, response) => {
    const { identifier, hmacMandatory } = inbox;
    response.json({ identifier, name: 'Sandbox', identity_validation_enabled: hmacMandatory });
  });

  /** Refuses a request with a wrong hash. Sets `response.locals.verified` to true if the hash is valid. */
  const check: RequestHandler = (request, response, next) => {
    const params = paramsOf(request);
    response.locals.verified = mustVerify(params);
    if (!response.locals.verified || validHash(inbox.hmacToken, params)) return next();
    response.locals.verified = false;
    noteContact(inbox, request, response, 500);
    response.status(500).json({ status: 500, error: 'Internal Server Error' });
  };

  router.post('/:inbox/contacts', check, (request, response) => {
    const params = paramsOf(request);
    validateFormats(params);
    validateLengths(params);
    const known = contactKeys.map((key) => inbox.findContact(key, params[key])).find(Boolean);
    const contact = known ?? inbox.identify(inbox.createContact(), params);
    const sourceId = toS(params.source_id) || undefined;
    response.locals.session =
      inbox.findSession('api', sourceId) ?? inbox.createSession('api', contact, sourceId);
    noteContact(inbox, request, response, 200);
    response.json(sessionJson(sessionOf(response)));
  });

  router.use('/:inbox/contacts/:source_id', (request, response, next) => {
    response.locals.session = inbox.findSession('api', request.params.source_id);
    if (response.locals.session) next();
    else notFound(request, response, next);
  });

  /** Marks the session in the URL as verified, even if the identifier and the hash belong to another user. */
  const markVerified: RequestHandler = (_request, response, next) => {
    if (response.locals.verified) sessionOf(response).hmacVerified = true;
    next();
  };

  router.get('/:inbox/contacts/:source_id', check, markVerified, (request, response) => {
    noteContact(inbox, request, response, 200);
    response.json(sessionJson(sessionOf(response)));
  });

  router.patch('/:inbox/contacts/:source_id', check, markVerified, (request, response) => {
    const params = { ...paramsOf(request), identifier: undefined };
    validateFormats(params);
    inbox.identify(sessionOf(response).contact, params);
    noteContact(inbox, request, response, 200);
    response.json(sessionJson(sessionOf(response)));
  });

  const conversations = '/:inbox/contacts/:source_id/conversations';
  router.get(conversations, (_request, response) => {
    const visible = inbox.conversations.filter((each) => each.visibleTo(sessionOf(response)));
    response.json(visible.map(conversationJson));
  });

  router.post(conversations, (request, response) => {
    const { custom_attributes } = paramsOf(request);
    const conversation = inbox.createConversation(sessionOf(response), attributes(custom_attributes));
    response.json(conversationJson(conversation));
  });

  router.use(`${conversations}/:id`, (request, response, next) => {
    const conversation = inbox.conversations.find(({ id }) => String(id) === request.params.id);
    response.locals.conversation = conversation;
    if (conversation?.visibleTo(sessionOf(response))) next();
    else notFound(request, response, next);
  });

  router.get(`${conversations}/:id`, (_request, response) => {
    response.json(conversationJson(response.locals.conversation));
  });

  router.get(`${conversations}/:id/messages`, (_request, response) => {
    response.json(messagesJson(response.locals.conversation));
  });

  router.post(`${conversations}/:id/messages`, (request, response) => {
    const conversation: Conversation = response.locals.conversation;
    const content = String(paramsOf(request).content ?? '');
    response.json(messageJson(inbox.addMessage(conversation, 'contact', content), conversation));
  });

  router.use(notFound);
  const invalid: ErrorRequestHandler = (error, request, response, next) => {
    if (error instanceof RecordInvalid) {
      noteContact(inbox, request, response, 422);
      response.status(422).json({ message: error.message, attributes: error.attributes });
    } else next(error);
  };
  router.use(invalid, unreadable);
  return router;
}

const sessionJson = ({ sourceId, pubsubToken, contact }: Session) => ({
  source_id: sourceId,
  pubsub_token: pubsubToken,
  id: contact.id,
  name: contact.name,
  email: contact.email,
  phone_number: contact.phoneNumber,
});

const messagesJson = (conversation: Conversation) =>
  conversation.messages.map((message) => messageJson(message, conversation));

const conversationJson = (conversation: Conversation) => ({
  id: conversation.id,
  inbox_id: 1,
  status: 'open',
  messages: messagesJson(conversation),
});
