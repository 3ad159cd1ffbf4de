/**
 * Who the visitor is, as Chatwoot's `setUser` takes it and as the identity endpoint answers it. The keys are
 * those that the widget passes on to the server; it drops all others (checked against Chatwoot's own SDK).
 */
export interface Identity {
  identifier: string;
  /** Lowercase hex HMAC-SHA256 of the identifier, made on the server. */
  identifier_hash: string;
  name?: string;
  email?: string;
  avatar_url?: string;
  phone_number?: string;
  company_name?: string;
  city?: string;
  country_code?: string;
  description?: string;
  social_profiles?: Record<string, string>;
  custom_attributes?: Record<string, unknown>;
}

/**
 * An identity without a hash would be sent unverified, and by most inboxes accepted: it never leaves the page. A
 * number as identifier is verified, but Chatwoot never finds its contact again (chatwoot/chatwoot 12256). `setUser`
 * itself throws where name, email and avatar_url are all missing.
 *
 * @throws TypeError for each.
 */
export function assertSigned({ identifier, identifier_hash, name, email, avatar_url }: Identity): void {
  if (typeof identifier !== 'string' || !identifier || !/^[0-9a-f]{64}$/.test(identifier_hash))
    throw new TypeError('An identity needs a string identifier and identifier_hash');
  if (!(name || email || avatar_url)) throw new TypeError('An identity needs one of name, email, avatar_url');
}
