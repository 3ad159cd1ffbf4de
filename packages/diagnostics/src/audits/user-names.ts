/** Parameters from which real endpoints have read the user. */
export const NAMES: readonly string[] = [
  ...[
    'identifier',
    'id',
    'user',
    'userId',
    'user_id',
    'userid',
    'uid',
    'uuid',
    'sub',
    'username',
    'user_name',
  ],
  ...['login', 'contact', 'contactId', 'contact_id', 'customer', 'customerId', 'customer_id', 'account'],
  ...[
    'accountId',
    'account_id',
    'member_id',
    'memberId',
    'client_id',
    'externalId',
    'external_id',
    'source_id',
  ],
  ...['userIdentifier', 'user_identifier', 'identity', 'key', 'name', 'data', 'value', 'message', 'q', 'u'],
  ...['userID', 'customerID', 'userUuid', 'user_uuid', 'guid', '_id', 'pk', 'chatwoot_id', 'chatwootId'],
];
/** Parameters from which real endpoints have read the user's email address. */
export const EMAIL_NAMES: readonly string[] = ['email', 'mail', 'userEmail', 'user_email', 'emailAddress'];
/** Objects in parameters from which real endpoints have read the user, as in `user[id]`. */
export const NESTED: readonly string[] = ['user', 'contact', 'customer'];

/** Unsigned cookies from which real endpoints have read the user. */
export const COOKIES: readonly string[] = [
  'identifier',
  'user',
  'userId',
  'user_id',
  'userid',
  'uid',
  'email',
  'cw_vid',
];
/** Cookies that contain a token. */
export const TOKEN_COOKIES: readonly string[] = ['token', 'jwt', 'access_token', 'id_token', 'auth'];

/**
 * Headers that name the user, including those of proxies and gateways. Anyone can send proxy headers to an
 * app that is reachable without its proxy.
 */
export const HEADERS: readonly string[] = [
  ...['x-user-id', 'x-userid', 'x-user', 'x-username', 'x-identifier', 'x-user-identifier', 'x-customer-id'],
  ...['x-contact-id', 'x-account-id', 'x-forwarded-user', 'x-remote-user', 'remote-user', 'x-webauth-user'],
  ...['x-auth-request-user', 'x-authenticated-user', 'x-authenticated-userid', 'x-consumer-custom-id'],
  ...['x-consumer-username', 'x-amzn-oidc-identity', 'x-ms-client-principal-id', 'tailscale-user-login'],
  ...['x-chatwoot-identifier', 'identifier', 'user-id', 'user'],
];
/** Headers that contain the user's email address. */
export const EMAIL_HEADERS: readonly string[] = [
  ...[
    'x-user-email',
    'x-email',
    'x-forwarded-email',
    'x-auth-request-email',
    'x-goog-authenticated-user-email',
  ],
  ...['cf-access-authenticated-user-email', 'x-ms-client-principal-name'],
];
