import { type Request, type RequestHandler, type Response, Router } from 'express';
import { contactJson } from './contact.js';
import type { Inbox } from './inbox.js';
import { paramsOf } from './request.js';
import { blank } from './ruby.js';
import type { Session } from './session.js';
import { shouldVerify, validHash } from './verification.js';
import { noteContact, sessionOf } from './visitor.js';

/** Returns the router of `/api/v1/widget/contact`, which identifies the visitor and verifies the hash. */
export function widgetContact(inbox: Inbox): Router {
  const router = Router();

  router.get('/', (_request, response) => {
    const session = sessionOf(response);
    response.json({ ...visitorJson(session), identifier: session.contact.identifier });
  });

  router.patch('/set_user', (request, response) => {
    const params = paramsOf(request);
    const verify = shouldVerify(inbox.hmacMandatory, params);
    if (verify && !validHash(inbox.hmacToken, params)) return refuse(request, response);

    const current = sessionOf(response);
    const { identifier } = current.contact;
    const another = identifier !== null && identifier !== params.identifier;
    const session = another ? inbox.createSession('web_widget') : current;
    // Chatwoot marks the session as verified before it saves the contact. The session is therefore verified
    // even if the contact cannot be saved because the identifier is too long.
    if (verify) session.hmacVerified = true;
    Object.assign(response.locals, { session, verified: verify });
    inbox.identify(session.contact, params);
    noteContact(inbox, request, response, 200);
    response.json({
      ...visitorJson(session),
      ...(another && { widget_auth_token: inbox.tokens.issue(session) }),
    });
  });

  const update: RequestHandler = (request, response) => {
    const params = paramsOf(request);
    const verify = !blank(params.identifier) && shouldVerify(inbox.hmacMandatory, params);
    if (verify && !validHash(inbox.hmacToken, params)) return refuse(request, response);
    response.locals.verified = verify;
    inbox.identify(sessionOf(response).contact, params);
    noteContact(inbox, request, response, 200);
    response.json(visitorJson(sessionOf(response)));
  };
  router.route('/').patch(update).put(update);

  router.post('/destroy_custom_attributes', (request, response) => {
    const session = sessionOf(response);
    const gone = [paramsOf(request).custom_attributes].flat().map(String);
    const kept = Object.entries(session.contact.customAttributes).filter(([key]) => !gone.includes(key));
    session.contact.customAttributes = Object.fromEntries(kept);
    noteContact(inbox, request, response, 200);
    response.json(contactJson(session.contact));
  });

  return router;

  function refuse(request: Request, response: Response): void {
    noteContact(inbox, request, response, 401);
    response.status(401).json({ error: 'HMAC failed: Invalid Identifier Hash Provided' });
  }
}

const visitorJson = ({ contact }: Session): Record<string, unknown> => ({
  id: contact.id,
  has_email: contact.email !== null,
  has_name: contact.name !== '',
  has_phone_number: contact.phoneNumber !== null,
});
