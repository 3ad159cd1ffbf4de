import { createHmac, timingSafeEqual } from 'node:crypto';
import { problemWithToken } from './identity/token.js';
import { header, type RequestHeaders } from './request.js';

/** How old, or how far in the future, a webhook may be, in seconds. */
const TOLERANCE = 5 * 60;

/**
 * Returns true if Chatwoot sent this webhook within the last five minutes: checks `X-Chatwoot-Signature` and
 * `X-Chatwoot-Timestamp` in constant time (chatwoot/chatwoot#13573). Within these minutes a webhook can be replayed:
 * remember `X-Chatwoot-Delivery`, which is the same for all retries of one webhook.
 *
 * The signature proves the sender, not the contact. Trust the contact's identity only if the payload says
 * `hmac_verified` (see the README).
 *
 * @param rawBody the request body exactly as it was received, not parsed and serialized again
 * @param headers the request headers: Node's record or a web `Headers`
 * @param secret the webhook's secret, as Chatwoot shows it
 * @returns true if the signature is right and at most five minutes old
 * @throws {TypeError} when `rawBody` is not raw or `secret` is missing
 * @example
 * import express from 'express';
 *
 * app.post('/chatwoot/webhook', express.raw({ type: 'application/json' }), (req, res) => {
 *   if (!verifyWebhook(req.body, req.headers, process.env.CHATWOOT_WEBHOOK_SECRET)) return res.sendStatus(401);
 *   const event = JSON.parse(req.body);
 * });
 */
export function verifyWebhook(
  rawBody: string | Uint8Array,
  headers: RequestHeaders,
  secret: string | undefined,
): boolean {
  if (typeof rawBody !== 'string' && !(rawBody instanceof Uint8Array)) {
    throw new TypeError(
      'rawBody must be the body as it was received, a string or bytes. Mount the route before body parsers, or use express.raw({ type: "application/json" }).',
    );
  }
  const problem = problemWithToken('secret', secret, 'Copy it from the settings of the webhook in Chatwoot');
  if (problem) throw new TypeError(problem);

  const timestamp = header({ headers }, 'x-chatwoot-timestamp') ?? '';
  const [, signature] =
    /^sha256=([0-9a-f]{64})$/.exec(header({ headers }, 'x-chatwoot-signature') ?? '') ?? [];
  if (signature === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  const expected = createHmac('sha256', secret as string)
    .update(`${timestamp}.`)
    .update(rawBody)
    .digest();
  const age = Date.now() / 1000 - Number(timestamp);
  return timingSafeEqual(Buffer.from(signature, 'hex'), expected) && Math.abs(age) <= TOLERANCE;
}
