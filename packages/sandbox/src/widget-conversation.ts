import { type RequestHandler, type Response, Router } from 'express';
import { attributes } from './contact.js';
import { type Conversation, messageJson } from './conversation.js';
import type { Inbox } from './inbox.js';
import { paramsOf } from './request.js';
import { noteContact, sessionOf } from './visitor.js';

/**
 * Returns the router of `/api/v1/widget/conversations`, `/messages` and `/labels`. None of these routes
 * requires a hash, even under enforcement.
 */
export function widgetConversation(inbox: Inbox): Router {
  const router = Router();
  const currentOf = (response: Response) => inbox.conversationOf(sessionOf(response));

  /** Responds with 404 and an empty body if the visitor has no conversation. */
  const existing: RequestHandler = (_request, response, next) => {
    response.locals.conversation = currentOf(response);
    if (response.locals.conversation) next();
    else response.status(404).end();
  };

  router.get('/conversations', (_request, response) => {
    const conversation = currentOf(response);
    response.json(conversation ? conversationJson(conversation) : {});
  });

  router.post('/conversations', (request, response) => {
    const { contact, message, custom_attributes } = paramsOf(request);
    if (contact) {
      inbox.identify(sessionOf(response).contact, attributes(contact));
      noteContact(inbox, request, response, 200);
    }
    const conversation = inbox.createConversation(sessionOf(response), attributes(custom_attributes));
    inbox.addMessage(conversation, 'contact', contentOf(message));
    response.json({ ...conversationJson(conversation), messages: messagesJson(conversation) });
  });

  router.get('/messages', (_request, response) => {
    const conversation = currentOf(response);
    response.json({ payload: conversation ? messagesJson(conversation) : [], meta: {} });
  });

  router.post('/messages', (request, response) => {
    const conversation = currentOf(response) ?? inbox.createConversation(sessionOf(response));
    const content = contentOf(paramsOf(request).message);
    response.json(messageJson(inbox.addMessage(conversation, 'contact', content), conversation));
  });

  router.post('/conversations/set_custom_attributes', existing, (request, response) => {
    const conversation: Conversation = response.locals.conversation;
    conversation.customAttributes = attributes(paramsOf(request).custom_attributes);
    noteUpdate(conversation);
    response.status(204).end();
  });

  router.post('/conversations/destroy_custom_attributes', existing, (request, response) => {
    const conversation: Conversation = response.locals.conversation;
    const gone = [paramsOf(request).custom_attribute].flat().map(String);
    const kept = Object.entries(conversation.customAttributes).filter(([key]) => !gone.includes(key));
    conversation.customAttributes = Object.fromEntries(kept);
    noteUpdate(conversation);
    response.json({ ...conversationJson(conversation), custom_attributes: conversation.customAttributes });
  });

  router.post('/labels', (request, response) => {
    const conversation = currentOf(response);
    const label = String(paramsOf(request).label);
    if (conversation && inbox.labels.has(label)) {
      conversation.labels.add(label);
      noteUpdate(conversation);
    }
    response.status(204).end();
  });

  router.delete('/labels/:label', (request, response) => {
    const conversation = currentOf(response);
    if (conversation?.labels.delete(request.params.label)) noteUpdate(conversation);
    response.status(204).end();
  });

  return router;

  function noteUpdate({ id }: Conversation): void {
    inbox.record.add({ type: 'conversation_updated', conversationId: id });
  }
}

const contentOf = (message: unknown): string => String(attributes(message).content ?? '');
const conversationJson = ({ id }: Conversation) => ({ id, inbox_id: 1, status: 'open' });
const messagesJson = (conversation: Conversation) =>
  conversation.messages.map((message) => messageJson(message, conversation));
