/**
 * The signed-in user, in the form that Chatwoot's `setUser` takes and the identity endpoint returns. The widget passes
 * these keys on to the server and drops all others (checked against Chatwoot's own SDK).
 */
export interface Identity {
  /** The user's permanent id in the app. */
  identifier: string;
  /** The lower-case hex HMAC-SHA256 of the identifier, computed on the server. */
  identifier_hash: string;
  /** The name that the agent sees. */
  name?: string;
  /** The user's e-mail address. */
  email?: string;
  /** The picture's absolute URL. */
  avatar_url?: string;
  /** The telephone number in E.164 form. */
  phone_number?: string;
  /** The company that the user works for. */
  company_name?: string;
  /** The user's city. */
  city?: string;
  /** The user's country, ISO 3166-1 alpha-2. */
  country_code?: string;
  /** A note about the user for the agent. */
  description?: string;
  /** Handles by network. */
  social_profiles?: Record<string, string>;
  /** Values for custom attributes that the Chatwoot account defines. */
  custom_attributes?: Record<string, unknown>;
}

/**
 * Refuses an identity that Chatwoot would handle wrongly. Without a hash it would be sent unverified, and most inboxes
 * would accept it. With a number as identifier it would be verified, but Chatwoot would never find the contact again
 * (chatwoot/chatwoot 12256). Without name, email and avatar_url, `setUser` itself would throw.
 *
 * @throws TypeError in each of these cases.
 */
export function assertSigned({ identifier, identifier_hash, name, email, avatar_url }: Identity): void {
  if (typeof identifier !== 'string' || !identifier || !/^[0-9a-f]{64}$/.test(identifier_hash))
    throw new TypeError('An identity needs a string identifier and identifier_hash');
  if (!(name || email || avatar_url)) throw new TypeError('An identity needs one of name, email, avatar_url');
}
