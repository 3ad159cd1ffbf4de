/**
 * The known ways in which a Chatwoot identity goes wrong, each with what happened and how to mend it. `explainMismatch`
 * answers with these; how each mistake makes its hash stands in `candidates.ts`.
 *
 * No text ever holds a token, a hash or an identifier. `{name}` stands for the name that the caller gave to a token.
 */
export const mistakes = {
  // The identifier itself.
  empty_identifier: {
    message:
      'Security: the empty string was signed. Chatwoot takes this hash as proof for everybody: with it and an e-mail address anyone can open any conversation.',
    fix: 'Sign only when somebody is signed in and has an id; rotate the inbox token if this hash ever reached a browser.',
  },
  placeholder_identifier: {
    message:
      'Security: the text of a missing value (undefined, null, NaN, [object Object] or the like) was signed instead of an id, so every user without an id is one and the same contact.',
    fix: 'Sign only when the id is there, and pass the id itself: check the spelling of the property, and await it where it is a promise.',
  },
  unusable_identifier: {
    message:
      'The formula is right, but Chatwoot cannot use this identifier: it is over 255 characters, holds a NUL or half a surrogate pair, or is a number that is no safe integer.',
    fix: 'Take a short, well-formed string that never changes, such as the primary key of the user.',
  },

  // What was signed.
  email_signed: {
    message: 'The e-mail address was signed, but the page passes another identifier.',
    fix: 'Sign exactly the value that setUser gets as its first argument.',
  },
  identifier_trimmed: {
    message: 'The identifier was signed without the white space around it.',
    fix: 'Clean the identifier once, before it is signed, and pass that same value to setUser.',
  },
  identifier_whitespace: {
    message: 'The identifier was signed with white space or a newline around it.',
    fix: 'Sign the bare identifier; in a shell use printf %s, since echo adds a newline.',
  },
  identifier_case: {
    message: 'The identifier was signed in another letter case.',
    fix: 'Sign exactly the value that setUser gets; Chatwoot does not fold case.',
  },
  identifier_json: {
    message: 'The identifier was signed in quotes, as JSON writes it.',
    fix: 'Sign the string itself, without JSON.stringify or json_encode.',
  },
  identifier_number_format: {
    message:
      'The identifier was signed as another spelling of the same number (such as 42.0, 007, 1,000 or 1e+21).',
    fix: 'Make the id a string once, and use that string both for the hash and for setUser.',
  },
  identifier_uuid_format: {
    message:
      'The identifier was signed as another spelling of the same UUID (dashes, braces or letter case).',
    fix: 'Make the id a string once, and use that string both for the hash and for setUser.',
  },
  identifier_prefix: {
    message:
      'Hash and page differ by a prefix of the identifier (such as user_42 and 42, or auth0|abc and abc).',
    fix: 'Sign exactly the value that setUser gets, with its prefix if it has one.',
  },
  identifier_normalization: {
    message: 'The identifier was signed in another Unicode normal form (NFC or NFD).',
    fix: 'Normalize the identifier once, before it is signed, and pass that same value to setUser.',
  },
  identifier_encoding: {
    message: 'The identifier was signed in another character encoding than UTF-8.',
    fix: 'Sign the UTF-8 bytes of the identifier.',
  },
  identifier_html_escaped: {
    message: 'The hash and the page differ by HTML escaping of the identifier (such as & and &amp;).',
    fix: 'Sign the raw identifier, and hand it to the page as JSON, not through an HTML-escaping template.',
  },
  identifier_url_encoded: {
    message: 'The hash and the page differ by URL encoding of the identifier (such as @ and %40).',
    fix: 'Sign the decoded identifier, and pass that same value to setUser.',
  },

  // The key.
  token_missing: {
    message:
      'Security: the key was empty or the text of a missing value, so anybody can make this hash; the HMAC token did not reach the code.',
    fix: 'Set the environment variable that holds the HMAC token, and stop at start-up when it is missing.',
  },
  token_whitespace: {
    message: 'The HMAC token has white space, a newline or a byte order mark around it.',
    fix: 'Trim the token where it is read: secret files and environment files often end in a newline.',
  },
  token_quoted: {
    message: 'The HMAC token was used with the quotes around it.',
    fix: 'Remove the quotes in the environment file: docker run --env-file passes them on.',
  },
  token_line: {
    message: 'The whole line CHATWOOT_HMAC_TOKEN=... was used as the key.',
    fix: 'Use what stands after the equals sign, or load the file as an environment file.',
  },
  token_case: {
    message: 'The HMAC token was used in another letter case.',
    fix: 'Use the characters of the token as they stand in Chatwoot: upper and lower case differ.',
  },
  token_encoded: {
    message: 'The HMAC token was encoded (base64, hex or UTF-16) before it was used as the key.',
    fix: 'Use the characters of the token as they stand in Chatwoot, in UTF-8: kubectl shows base64, and Encoding.Unicode of .NET is UTF-16.',
  },
  token_decoded: {
    message: 'The HMAC token was decoded (as hex or base64) before it was used as the key.',
    fix: 'Use the characters of the token as they stand: it is text, not encoded bytes.',
  },
  website_token: {
    message: 'The website token was used as the key; it is public and signs nothing.',
    fix: 'Use the HMAC token: Inboxes, Settings, Configuration, Identity Validation.',
  },
  other_token: {
    message: 'The key was another token: {name}.',
    fix: 'Use the HMAC token of the inbox whose website token the page loads; each inbox has its own.',
  },

  // The digest.
  swapped: {
    message:
      'Key and message were swapped: the identifier was used as the key and the token was signed (as an old example in the documentation of Chatwoot had it).',
    fix: 'The HMAC token is the key, the identifier is the message.',
  },
  wrong_algorithm: {
    message: 'Another hash function than SHA-256 was used.',
    fix: 'Use HMAC-SHA256.',
  },
  unkeyed: {
    message: 'Security: a plain hash without any key was made, so anybody can make it for anybody.',
    fix: 'Use HMAC-SHA256 with the HMAC token of the inbox as the key.',
  },
  concatenated: {
    message: 'Token and identifier were joined and hashed, which is not an HMAC.',
    fix: 'Use the HMAC function of the language, with the token as its key.',
  },

  // How the digest was written.
  upper_case: {
    message: 'The hash is in upper case; Chatwoot compares it byte for byte.',
    fix: 'Write the digest in lower-case hex.',
  },
  base64: {
    message: 'The hash is in base64; Chatwoot expects hex.',
    fix: "Write the digest in lower-case hex, such as digest('hex').",
  },
  hex_separated: {
    message: 'The hash has something between its bytes, as in 87-D0-96 of BitConverter or 87:d0:96.',
    fix: 'Write the digest in lower-case hex without separators, such as Convert.ToHexString(digest).ToLower().',
  },
  hex_padding: {
    message:
      'Not every byte of the hash has two hex digits: leading zeros are missing, or negative bytes became ffffff87.',
    fix: "Write each byte with two hex digits, such as toString(16).padStart(2, '0') or %02x of byte & 0xff.",
  },
  raw_bytes: {
    message: 'The bytes of the digest were turned into text instead of being written in hex.',
    fix: "Write the digest in lower-case hex, such as digest('hex'), hexdigest() or bin2hex().",
  },
  truncated: {
    message: 'The hash was cut off.',
    fix: 'Pass all 64 characters; look for a column or a field that is too short.',
  },
  hash_wrapped: {
    message:
      'There is something around the hash: white space, a newline, quotes or a prefix such as sha256= or what openssl prints.',
    fix: 'Pass the 64 characters of the digest and nothing else.',
  },

  // What was passed to setUser.
  hash_missing: {
    message:
      'There is no hash: it is empty, or the text of a missing value, an object, a promise or a method that was not called.',
    fix: 'Pass the hex digest itself: call digest() to the end, await promises, and check the name of the field (identifier_hash).',
  },
  hash_malformed: {
    message: 'This cannot be a hash: it is not 64 hex digits, and no known mistake makes it.',
    fix: 'Pass all of the lower-case hex digest of HMAC-SHA256, made on the server; to have a shortened or masked hash explained, give all of it.',
  },
  identifier_as_hash: {
    message: 'The identifier or the e-mail address itself was passed as the hash.',
    fix: 'identifier_hash is the HMAC-SHA256 of the identifier, made on the server.',
  },
  hash_as_identifier: {
    message: 'The hash was passed as the identifier.',
    fix: 'Call setUser(identifier, { identifier_hash }): the id of the user first, its hash among the fields.',
  },
  token_as_hash: {
    message: 'Security: a token itself was passed as the hash, and so reached the browser.',
    fix: 'Rotate the HMAC token if it was that one, keep it on the server, and pass the digest made with it.',
  },
} as const;

/** The stable name of a mistake, such as `'swapped'`. */
export type MistakeCode = keyof typeof mistakes;
