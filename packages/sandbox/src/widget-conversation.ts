import { type RequestHandler, type Response, Router } from 'express';
import { type Conversation, messageJson } from './conversation.js';
import type { Inbox } from './inbox.js';
import { paramsOf } from './request.js';
import { sessionOf } from './visitor.js';

/** `/api/v1/widget/conversations`, `/messages` and `/labels`. None of them asks for a hash, enforced or not. */
export function widgetConversation(inbox: Inbox): Router {
  const router = Router();
  const currentOf = (response: Response) => inbox.conversationOf(sessionOf(response));

  router.get('/conversations', (_request, response) => {
    const conversation = currentOf(response);
    response.json(conversation ? conversationJson(conversation) : {});
  });

  router.post('/conversations', (request, response) => {
    const { contact, message, custom_attributes } = request.body ?? {};
    if (contact) inbox.identify(sessionOf(response).contact, contact);
    const conversation = inbox.createConversation(sessionOf(response));
    conversation.customAttributes = { ...custom_attributes };
    inbox.addMessage(conversation, 'contact', String(message?.content ?? ''));
    response.json({ ...conversationJson(conversation), messages: messagesJson(conversation) });
  });

  router.get('/messages', (_request, response) => {
    const conversation = currentOf(response);
    response.json({ payload: conversation ? messagesJson(conversation) : [], meta: {} });
  });

  router.post('/messages', (request, response) => {
    const conversation = currentOf(response) ?? inbox.createConversation(sessionOf(response));
    const content = String(request.body?.message?.content ?? '');
    response.json(messageJson(inbox.addMessage(conversation, 'contact', content), conversation));
  });

  router.post(
    '/conversations/set_custom_attributes',
    change((conversation, { custom_attributes }) => {
      conversation.customAttributes = { ...conversation.customAttributes, ...Object(custom_attributes) };
    }),
  );

  router.post(
    '/conversations/destroy_custom_attributes',
    change((conversation, { custom_attribute }) => {
      const kept = Object.entries(conversation.customAttributes).filter(
        ([key]) => ![custom_attribute].flat().includes(key),
      );
      conversation.customAttributes = Object.fromEntries(kept);
    }),
  );

  router.post(
    '/labels',
    change(({ labels }, { label }) => labels.add(String(label))),
  );

  router.delete(
    '/labels/:label',
    change(({ labels }, { label }) => labels.delete(String(label))),
  );

  return router;

  /** Does something to the visitor's conversation, when there is one. */
  function change(
    act: (conversation: Conversation, params: Record<string, unknown>) => unknown,
  ): RequestHandler {
    return (request, response) => {
      const conversation = currentOf(response);
      if (conversation) {
        act(conversation, { ...paramsOf(request), ...request.params });
        inbox.record.add({ type: 'conversation_updated', conversationId: conversation.id });
      }
      response.status(204).end();
    };
  }
}

const conversationJson = ({ id }: Conversation) => ({ id, inbox_id: 1, status: 'open' });
const messagesJson = (conversation: Conversation) =>
  conversation.messages.map((message) => messageJson(message, conversation));
