/**
 * The known mistakes, each with a description and a fix. `explainMismatch` returns these descriptions and
 * fixes. The other files of this folder define how each mistake changes the hash: `keys.ts`, `messages.ts`,
 * `digests.ts`, `writings.ts`, `decodings.ts` and `literals.ts`.
 *
 * No description or fix contains a token, a hash or an identifier. The placeholder `{name}` is replaced by the
 * caller's name of a token, the name of a hash function, or a detail.
 */
export const mistakes = {
  // Mistakes in the identifier itself.
  empty_identifier: {
    message:
      'Security: the empty string was signed. Chatwoot accepts this hash for every contact. With this hash and the email address of a contact, anyone can open the conversations of that contact.',
    fix: 'Sign only if the user is signed in and has an id. Rotate the HMAC token if this hash ever reached a browser.',
  },
  placeholder_identifier: {
    message:
      'Security: the text of a missing value (undefined, null, NaN, [object Object] or similar) was signed instead of an id. All users without an id therefore share one contact.',
    fix: 'Sign only if there is an id, and pass the id itself. Check the spelling of the property, and await the value if it is a promise.',
  },
  unusable_identifier: {
    message:
      'The hash is computed correctly, but Chatwoot cannot use this identifier. The identifier has over 255 characters, contains a NUL or a lone surrogate, or is a number that is not a safe integer.',
    fix: 'Use a short, well-formed string that never changes, such as the primary key of the user.',
  },

  // The message.
  email_signed: {
    message: 'The email address{name} was signed, but the page passes another identifier.',
    fix: 'Sign exactly the first argument of setUser.',
  },
  identifier_trimmed: {
    message: 'The identifier was signed without the white space around it.',
    fix: 'Trim the identifier once before you sign it, and pass the same value to setUser.',
  },
  identifier_whitespace: {
    message: 'The identifier was signed with white space or a newline around it.',
    fix: 'Sign the identifier without white space. In a shell, use printf %s, because echo adds a newline.',
  },
  identifier_case: {
    message: 'The identifier was signed in another letter case.',
    fix: 'Sign exactly the first argument of setUser. Chatwoot distinguishes upper and lower case.',
  },
  identifier_json: {
    message: 'The identifier was signed in double quotes, as written by JSON, inspect of Ruby or %q of Go.',
    fix: 'Sign the string itself, without JSON.stringify, json_encode, inspect or %q.',
  },
  identifier_repr: {
    message:
      "The identifier was signed in a debugging or serialization format, such as b'...' of Python, ('...',) of a database row, [...] of a list, or serialize of PHP.",
    fix: 'Sign the bytes of the string itself. In Python, use identifier.encode(), not str(identifier.encode()).',
  },
  identifier_repeated: {
    message: 'The identifier was signed twice in a row: it was passed to update (or Write) twice.',
    fix: 'Pass the identifier once, either to the constructor or to update.',
  },
  identifier_hashed: {
    message: 'A hash of the identifier (SHA-256, SHA-1 or MD5) was signed instead of the identifier.',
    fix: 'Pass the identifier itself to the HMAC function.',
  },
  identifier_encoded: {
    message: 'The identifier was encoded in hex or base64 before it was signed.',
    fix: 'Pass the identifier itself to the HMAC function; only the digest is encoded in hex.',
  },
  identifier_number_format: {
    message:
      'The identifier was signed in another format of the same number (such as 42.0, 007, 1,000 or 1e+21).',
    fix: 'Convert the id to a string once, and use that string for the hash and for setUser.',
  },
  identifier_uuid_format: {
    message: 'The identifier was signed in another format of the same UUID (dashes, braces or letter case).',
    fix: 'Convert the id to a string once, and use that string for the hash and for setUser.',
  },
  identifier_prefix: {
    message:
      'The signed identifier and the identifier on the page differ by a prefix (such as user_42 and 42, or auth0|abc and abc).',
    fix: 'Sign exactly the first argument of setUser, with its prefix if it has one.',
  },
  identifier_normalization: {
    message: 'The identifier was signed in another Unicode normalization form (NFC or NFD).',
    fix: 'Normalize the identifier once before you sign it, and pass the same value to setUser.',
  },
  identifier_encoding: {
    message: 'The identifier was signed in a character encoding other than UTF-8.',
    fix: 'Sign the UTF-8 bytes of the identifier.',
  },
  identifier_html_escaped: {
    message:
      'The signed identifier and the identifier on the page differ by HTML escaping (such as & and &amp;).',
    fix: 'Sign the unescaped identifier, and pass it to the page as JSON, not through a template that escapes HTML.',
  },
  identifier_url_encoded: {
    message:
      'The signed identifier and the identifier on the page differ by URL encoding (such as @ and %40).',
    fix: 'Sign the decoded identifier, and pass the same value to setUser.',
  },

  // The key.
  token_empty: {
    message:
      'Security: the key was empty, so anyone can make this hash. Either the HMAC token did not reach the code, or the token was decoded as hex, which yields an empty key.',
    fix: 'Set the environment variable of the HMAC token, and stop at start-up if it is missing. Use the token as text, without Buffer.from(token, "hex") or hex2bin.',
  },
  token_missing: {
    message:
      'Security: the key was the text of a missing value, such as "undefined", so anyone can make this hash. The HMAC token did not reach the code.',
    fix: 'Set the environment variable of the HMAC token, and stop at start-up if it is missing.',
  },
  token_whitespace: {
    message: 'The HMAC token was used with white space, a newline or a byte order mark around it.',
    fix: 'Trim the token where it is read: secret files and environment files often end in a newline.',
  },
  token_quoted: {
    message: 'The HMAC token was used with quotes around it.',
    fix: 'Remove the quotes in the environment file (docker run --env-file passes them on), and use the token without inspect or JSON.stringify.',
  },
  token_repr: {
    message: "The HMAC token was used in a debugging format, such as b'...' of Python.",
    fix: 'Use the bytes of the token itself. In Python, use token.encode(), not str(token.encode()).',
  },
  token_line: {
    message: 'The whole line CHATWOOT_HMAC_TOKEN=... was used as the key.',
    fix: 'Use the text after the equals sign, or load the file as an environment file.',
  },
  token_case: {
    message: 'The HMAC token was used in another letter case.',
    fix: 'Use the token exactly as Chatwoot shows it. Upper and lower case differ.',
  },
  token_encoded: {
    message: 'The HMAC token was encoded (base64, hex or UTF-16) before it was used as the key.',
    fix: 'Use the UTF-8 bytes of the token as Chatwoot shows it. kubectl prints base64, and Encoding.Unicode of .NET is UTF-16.',
  },
  token_decoded: {
    message: 'The HMAC token was decoded (from hex or base64) before it was used as the key.',
    fix: 'Use the UTF-8 bytes of the token as Chatwoot shows it. The token is text, not encoded bytes.',
  },
  website_token: {
    message: 'The website token was used as the key. It is public and cannot sign anything.',
    fix: 'Use the HMAC token: Inboxes, your website inbox, Settings, Configuration.',
  },
  other_token: {
    message: 'Another token was used as the key: {name}.',
    fix: 'Use the HMAC token of the inbox whose website token is in the page. Each inbox has its own HMAC token.',
  },

  // The digest.
  swapped: {
    message:
      'Key and message were swapped: the identifier was used as the key, and the token was signed (as in an old example in the documentation of Chatwoot).',
    fix: 'Use the HMAC token as the key and the identifier as the message.',
  },
  wrong_algorithm: {
    message: 'Another algorithm was used: {name} instead of HMAC-SHA256.',
    fix: 'Use HMAC-SHA256.',
  },
  unkeyed: {
    message:
      'Security: the hash was computed without a key ({name}), so anyone can compute it for every user.',
    fix: 'Use HMAC-SHA256 with the HMAC token of the inbox as the key.',
  },
  concatenated: {
    message: 'Token and identifier were joined before they were hashed with {name}.',
    fix: 'Use the HMAC-SHA256 function of the language. Its key is the token, and its message is the identifier alone.',
  },
  hashed_twice: {
    message: 'The correct hash was hashed or signed again.',
    fix: 'Pass the digest of HMAC-SHA256 itself, in lower-case hex.',
  },
  sum_argument: {
    message:
      'Security: the identifier was passed to Sum of Go, which appends the digest to it. The result ends with the HMAC of the empty string, which opens every conversation.',
    fix: 'Write the identifier first, then call Sum(nil). Rotate the HMAC token if this text ever reached a browser.',
  },
  sum_prefix: {
    message: 'The identifier was passed to Sum of Go, which put it in front of the correct hash.',
    fix: 'Call Sum(nil).',
  },

  // Mistakes in the encoding of the digest.
  upper_case: {
    message: 'The hash is in upper case. Chatwoot compares hashes byte for byte.',
    fix: 'Write the digest in lower-case hex.',
  },
  base64: {
    message: 'The hash is in base64. Chatwoot expects hex.',
    fix: "Write the digest in lower-case hex, for example with digest('hex').",
  },
  hex_twice: {
    message: 'The hash was encoded in hex twice.',
    fix: 'Remove one of the two encodings: hash_hmac of PHP, hexdigest and EncodeToString already return hex.',
  },
  hex_separated: {
    message: 'The hash has separators between its bytes, as in 87-D0-96 of BitConverter or 87:d0:96.',
    fix: 'Write the digest in lower-case hex without separators, for example with Convert.ToHexString(digest).ToLower().',
  },
  hex_padding: {
    message:
      'Not every byte of the hash has two hex digits: leading zeros are missing, or negative bytes or numbers were written with a sign.',
    fix: "Write each byte with two hex digits, for example with toString(16).padStart(2, '0') or with %02x of byte & 0xff.",
  },
  raw_bytes: {
    message: 'The bytes of the digest were converted to text instead of hex.',
    fix: "Write the digest in lower-case hex, for example with digest('hex'), hexdigest() or bin2hex().",
  },
  truncated: {
    message: 'The hash was truncated.',
    fix: 'Pass all 64 characters. Look for a column or a field that is too short.',
  },
  hash_wrapped: {
    message:
      'The hash is surrounded by other text: white space, a newline, quotes, a prefix such as sha256= or the output of openssl.',
    fix: 'Pass the 64 characters of the digest and nothing else.',
  },

  // Mistakes in the arguments of setUser.
  hash_missing: {
    message:
      'The hash is missing. The value is empty, or it is the text of a missing value, an object, a promise or a method that was not called.',
    fix: 'Pass the hex digest itself: call digest(), await promises, and check the name of the field (identifier_hash).',
  },
  hash_malformed: {
    message:
      'The value is not a hash: it does not consist of 64 hex digits, and no known mistake produces it.',
    fix: 'Pass the complete lower-case hex digest of HMAC-SHA256, computed on the server. A masked hash cannot be explained.',
  },
  identifier_as_hash: {
    message: 'The identifier or the email address itself was passed as the hash.',
    fix: 'identifier_hash is the HMAC-SHA256 of the identifier, computed on the server.',
  },
  hash_as_identifier: {
    message: 'The hash was passed as the identifier.',
    fix: 'Call setUser(identifier, { identifier_hash }): the id of the user is the first argument, and its hash is a field.',
  },
  token_as_hash: {
    message:
      'Security: a token was passed as the hash or is contained in the hash, so it reached the browser.',
    fix: 'Rotate the HMAC token if it reached the browser. Keep the token on the server, and pass the digest made with the token.',
  },
} as const;

/** The stable name of a mistake, such as `'swapped'`. */
export type MistakeCode = keyof typeof mistakes;
