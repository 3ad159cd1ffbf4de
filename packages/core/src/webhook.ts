import { createHmac, timingSafeEqual } from 'node:crypto';
import { problemWithToken } from './identity/token.js';
import { header, type RequestHeaders } from './request.js';

/** The maximum difference between a webhook's timestamp and the server's clock, in seconds. */
const TOLERANCE = 5 * 60;

/**
 * Returns true if Chatwoot sent this webhook within the last five minutes. Compares `X-Chatwoot-Signature` in
 * constant time, and checks `X-Chatwoot-Timestamp` (chatwoot/chatwoot#13573).
 *
 * An attacker can replay a webhook within these five minutes. To detect replays, remember
 * `X-Chatwoot-Delivery`, which is the same for all retries of one webhook.
 *
 * The signature proves that Chatwoot sent the webhook, but not who the contact is. Trust the contact's
 * identity only if `hmac_verified` is true in the payload (see the README).
 *
 * @param rawBody the request body exactly as it was received, not parsed and serialized again
 * @param headers the request headers: Node's record or a web `Headers`
 * @param secret the webhook's secret, as Chatwoot shows it
 * @returns true if the signature is correct and at most five minutes old
 * @throws {TypeError} if `rawBody` is not raw or `secret` is missing
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
      'rawBody must be the body exactly as it was received, as a string or bytes. Mount the route before body parsers, or use express.raw({ type: "application/json" }).',
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
