// @ts-check
/**
 * Expressions with which programs compute a hash, correctly or with mistakes. Each is followed by the causes that
 * `explainMismatch` must return. `mistakes.js` evaluates the expressions in their languages and writes the hashes to
 * `mistakes.json`, which the test reads. In each expression, `token` is the HMAC token, `id` is the identifier `user-9`, and
 * `email` is `ada@example.com`, all as strings.
 *
 * @type {Record<string, [expression: string, ...causes: string[]][]>}
 */
export const expressions = {
  node: [
    ["createHmac('sha256', token).update(id).digest('hex')"],
    ["createHmac('sha256', id).update(token).digest('hex')", 'swapped'],
    ["createHmac('sha256', Buffer.from(token, 'hex')).update(id).digest('hex')", 'token_empty'],
    ["createHmac('sha256', Buffer.from(token, 'base64')).update(id).digest('hex')", 'token_decoded'],
    ["createHmac('sha256', process.env.UNSET_TOKEN || '').update(id).digest('hex')", 'token_empty'],
    ["createHmac('sha256', String(process.env.UNSET_TOKEN)).update(id).digest('hex')", 'token_missing'],
    ["createHmac('sha256', token).update(id).update(id).digest('hex')", 'identifier_repeated'],
    [
      "createHmac('sha256', token).update(Buffer.from(id).toString('hex')).digest('hex')",
      'identifier_encoded',
    ],
    ["createHmac('sha256', token).update(btoa(id)).digest('hex')", 'identifier_encoded'],
    [
      "createHmac('sha256', token).update(createHash('sha256').update(id).digest()).digest('hex')",
      'identifier_hashed',
    ],
    [
      "createHmac('sha256', token).update(createHash('sha256').update(id).digest('hex')).digest('hex')",
      'identifier_hashed',
    ],
    [
      "createHmac('sha256', token).update(createHmac('sha256', token).update(id).digest('hex')).digest('hex')",
      'hashed_twice',
    ],
    [
      "createHash('sha256').update(createHmac('sha256', token).update(id).digest('hex')).digest('hex')",
      'hashed_twice',
    ],
    [
      "createHash('sha256').update(createHmac('sha256', token).update(id).digest()).digest('hex')",
      'hashed_twice',
    ],
    ["createHash('sha256').update(token + id).digest('hex')", 'concatenated'],
    ["createHash('sha1').update(id + token).digest('hex')", 'concatenated'],
    ["createHmac('sha256', token).update(token + id).digest('hex')", 'concatenated'],
    ["createHash('sha256').update(id).digest('hex')", 'unkeyed'],
    ["createHash('sha512').update(id).digest('hex')", 'unkeyed'],
    ["createHmac('sha1', token).update(id).digest('hex')", 'wrong_algorithm'],
    ["createHmac('sha3-256', token).update(id).digest('hex')", 'wrong_algorithm'],
    ["createHmac('sha256', token).update(JSON.stringify(id)).digest('hex')", 'identifier_json'],
    [
      "createHmac('sha256', token).update(JSON.stringify({ identifier: id })).digest('hex')",
      'identifier_json',
    ],
    ["createHmac('sha256', token).update(id + '\\n').digest('hex')", 'identifier_whitespace'],
    ["createHmac('sha256', token).update('Ada@Example.com').digest('hex')", 'email_signed'],
    ["createHmac('sha256', token).update(email.toUpperCase()).digest('hex')", 'email_signed'],
    ["createHmac('sha256', token).update(id).digest('base64')", 'base64'],
    ["Buffer.from(createHmac('sha256', token).update(id).digest('hex')).toString('hex')", 'hex_twice'],
    ["String(createHmac('sha256', token).update(id).digest())", 'raw_bytes'],
    ["createHmac('sha256', token).update(id).digest('latin1')", 'raw_bytes'],
  ],
  python: [
    ['hmac.new(token.encode(), id.encode(), hashlib.sha256).hexdigest()'],
    ['hmac.new(id.encode(), token.encode(), hashlib.sha256).hexdigest()', 'swapped'],
    ['hmac.new(token.encode(), str(id.encode()).encode(), hashlib.sha256).hexdigest()', 'identifier_repr'],
    ['hmac.new(str(token.encode()).encode(), id.encode(), hashlib.sha256).hexdigest()', 'token_repr'],
    ['hmac.new(token.encode(), repr(id).encode(), hashlib.sha256).hexdigest()', 'identifier_repr'],
    ['hmac.new(token.encode(), str((id,)).encode(), hashlib.sha256).hexdigest()', 'identifier_repr'],
    ['updated(hmac.new(token.encode(), id.encode(), hashlib.sha256), id).hexdigest()', 'identifier_repeated'],
    [
      'hmac.new(token.encode(), hashlib.sha256(id.encode()).digest(), hashlib.sha256).hexdigest()',
      'identifier_hashed',
    ],
    [
      'hmac.new(token.encode(), hashlib.md5(id.encode()).hexdigest().encode(), hashlib.sha256).hexdigest()',
      'identifier_hashed',
    ],
    [
      'hashlib.sha256(hmac.new(token.encode(), id.encode(), hashlib.sha256).hexdigest().encode()).hexdigest()',
      'hashed_twice',
    ],
    ['hmac.new(base64.b64decode(token), id.encode(), hashlib.sha256).hexdigest()', 'token_decoded'],
    ['hmac.new(base64.b64encode(token.encode()), id.encode(), hashlib.sha256).hexdigest()', 'token_encoded'],
    ["hmac.new(token.encode('utf-16'), id.encode(), hashlib.sha256).hexdigest()", 'token_encoded'],
    ["hmac.new(token.encode(), id.encode('utf-16'), hashlib.sha256).hexdigest()", 'identifier_encoding'],
    [
      "hmac.new(os.environ.get('UNSET_TOKEN', '').encode(), id.encode(), hashlib.sha256).hexdigest()",
      'token_empty',
    ],
    [
      "hmac.new(str(os.environ.get('UNSET_TOKEN')).encode(), id.encode(), hashlib.sha256).hexdigest()",
      'token_missing',
    ],
    ['hmac.new(token.encode(), str(None).encode(), hashlib.sha256).hexdigest()', 'placeholder_identifier'],
    ["hmac.new(token.encode(), b'', hashlib.sha256).hexdigest()", 'empty_identifier'],
    ["hmac.new(token.encode(), id.encode(), 'md5').hexdigest()", 'wrong_algorithm'],
    ['hmac.new(token.encode(), id.encode(), hashlib.blake2b).hexdigest()', 'wrong_algorithm'],
    ['hashlib.sha256((token + id).encode()).hexdigest()', 'concatenated'],
    ['hashlib.sha256(id.encode()).hexdigest()', 'unkeyed'],
    ['str(hmac.new(token.encode(), id.encode(), hashlib.sha256).digest())', 'raw_bytes'],
    [
      'str(base64.b64encode(hmac.new(token.encode(), id.encode(), hashlib.sha256).digest()))',
      'base64',
      'hash_wrapped',
    ],
    ['str(hmac.new(token.encode(), id.encode(), hashlib.sha256).hexdigest().encode())', 'hash_wrapped'],
    [
      'binascii.hexlify(hmac.new(token.encode(), id.encode(), hashlib.sha256).hexdigest().encode()).decode()',
      'hex_twice',
    ],
    ['str(hmac.new(token.encode(), id.encode(), hashlib.sha256).hexdigest)', 'hash_missing'],
    ['hmac.new(token.encode(), email.title().encode(), hashlib.sha256).hexdigest()', 'email_signed'],
  ],
  ruby: [
    ["OpenSSL::HMAC.hexdigest('SHA256', token, id)"],
    ["OpenSSL::HMAC.hexdigest('SHA256', id, token)", 'swapped'],
    ["OpenSSL::HMAC.hexdigest('SHA256', token, id.inspect)", 'identifier_json'],
    ["OpenSSL::HMAC.hexdigest('SHA256', token.inspect, id)", 'token_quoted'],
    ["OpenSSL::HMAC.hexdigest('SHA256', token, id.to_sym.inspect)", 'identifier_repr'],
    ["OpenSSL::HMAC.hexdigest('SHA256', token, [id].to_s)", 'identifier_repr'],
    ["OpenSSL::HMAC.hexdigest('SHA256', [token].pack('H*'), id)", 'token_decoded'],
    ["OpenSSL::HMAC.hexdigest('SHA256', Base64.decode64(token), id)", 'token_decoded'],
    ["OpenSSL::HMAC.hexdigest('SHA256', ENV['UNSET_TOKEN'].to_s, id)", 'token_empty'],
    ["OpenSSL::HMAC.hexdigest('SHA256', token, nil.to_s)", 'empty_identifier'],
    ["OpenSSL::HMAC.hexdigest('SHA256', token, nil.inspect)", 'placeholder_identifier'],
    ["(OpenSSL::HMAC.new(token, 'SHA256') << id << id).hexdigest", 'identifier_repeated'],
    ["OpenSSL::HMAC.hexdigest('SHA256', token, Digest::SHA256.hexdigest(id))", 'identifier_hashed'],
    ["Digest::SHA256.hexdigest(OpenSSL::HMAC.hexdigest('SHA256', token, id))", 'hashed_twice'],
    ["OpenSSL::HMAC.hexdigest('SHA1', token, id)", 'wrong_algorithm'],
    ['Digest::SHA256.hexdigest(token + id)', 'concatenated'],
    ['Digest::SHA256.hexdigest(id)', 'unkeyed'],
    ["Base64.encode64(OpenSSL::HMAC.digest('SHA256', token, id))", 'base64', 'hash_wrapped'],
    ["OpenSSL::HMAC.digest('SHA256', token, id).inspect", 'raw_bytes'],
    ["OpenSSL::HMAC.digest('SHA256', token, id).unpack('H*').to_s", 'hash_wrapped'],
    ["OpenSSL::HMAC.digest('SHA256', token, id).bytes.map { |b| b.to_s(16) }.join", 'hex_padding'],
    ["OpenSSL::HMAC.hexdigest('SHA256', token, email.capitalize)", 'email_signed'],
  ],
  php: [
    ["hash_hmac('sha256', $id, $token)"],
    ["hash_hmac('sha256', $token, $id)", 'swapped'],
    ["bin2hex(hash_hmac('sha256', $id, $token))", 'hex_twice'],
    ["hash_hmac('sha256', $id, (string) @hex2bin($token))", 'token_empty'],
    ["hash_hmac('sha256', $id, base64_decode($token))", 'token_decoded'],
    ["hash_hmac('sha256', $id, (string) getenv('UNSET_TOKEN'))", 'token_empty'],
    ["hash_hmac('sha256', (string) null, $token)", 'empty_identifier'],
    ["hash_hmac('sha256', json_encode($id), $token)", 'identifier_json'],
    ["hash_hmac('sha256', serialize($id), $token)", 'identifier_repr'],
    ["hash_hmac('sha256', hash('sha256', $id), $token)", 'identifier_hashed'],
    ["hash_hmac('sha256', md5($id), $token)", 'identifier_hashed'],
    ["hash_hmac('sha256', bin2hex($id), $token)", 'identifier_encoded'],
    ["hash('sha256', hash_hmac('sha256', $id, $token))", 'hashed_twice'],
    ["hash('sha256', $id . $token)", 'concatenated'],
    ['md5($token . $id)', 'concatenated'],
    ['sha1($id)', 'unkeyed'],
    ["hash_hmac('sha512', $id, $token)", 'wrong_algorithm'],
    ["hash_hmac('ripemd160', $id, $token)", 'wrong_algorithm'],
    ["base64_encode(hash_hmac('sha256', $id, $token, true))", 'base64'],
    ["base64_encode(hash_hmac('sha256', $id, $token))", 'base64'],
    ["@utf8_encode(hash_hmac('sha256', $id, $token, true))", 'raw_bytes'],
    ["hash_hmac('sha256', ucfirst($email), $token)", 'email_signed'],
  ],
  go: [
    [
      'mac := hmac.New(sha256.New, []byte(token)); mac.Write([]byte(id)); return hex.EncodeToString(mac.Sum(nil))',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(id)); mac.Write([]byte(token)); return hex.EncodeToString(mac.Sum(nil))',
      'swapped',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); return hex.EncodeToString(mac.Sum([]byte(id)))',
      'sum_argument',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); return base64.StdEncoding.EncodeToString(mac.Sum([]byte(id)))',
      'sum_argument',
      'base64',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); mac.Write([]byte(id)); return hex.EncodeToString(mac.Sum([]byte(id)))',
      'sum_prefix',
    ],
    ['return hex.EncodeToString(sha256.New().Sum([]byte(id)))', 'unkeyed'],
    ['return hex.EncodeToString(sha256.New().Sum([]byte(token + id)))', 'token_as_hash'],
    [
      'key, _ := hex.DecodeString(token); mac := hmac.New(sha256.New, key); mac.Write([]byte(id)); return hex.EncodeToString(mac.Sum(nil))',
      'token_empty',
    ],
    [
      'key, _ := base64.StdEncoding.DecodeString(token); mac := hmac.New(sha256.New, key); mac.Write([]byte(id)); return hex.EncodeToString(mac.Sum(nil))',
      'token_decoded',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(os.Getenv("UNSET_TOKEN"))); mac.Write([]byte(id)); return hex.EncodeToString(mac.Sum(nil))',
      'token_empty',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); mac.Write([]byte(id)); mac.Write([]byte(id)); return hex.EncodeToString(mac.Sum(nil))',
      'identifier_repeated',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); fmt.Fprintf(mac, "%q", id); return hex.EncodeToString(mac.Sum(nil))',
      'identifier_json',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); fmt.Fprintf(mac, "%v", []byte(id)); return hex.EncodeToString(mac.Sum(nil))',
      'identifier_repr',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); fmt.Fprintln(mac, id); return hex.EncodeToString(mac.Sum(nil))',
      'identifier_whitespace',
    ],
    [
      'sum := sha256.Sum256([]byte(id)); mac := hmac.New(sha256.New, []byte(token)); mac.Write(sum[:]); return hex.EncodeToString(mac.Sum(nil))',
      'identifier_hashed',
    ],
    [
      'mac := hmac.New(sha1.New, []byte(token)); mac.Write([]byte(id)); return hex.EncodeToString(mac.Sum(nil))',
      'wrong_algorithm',
    ],
    ['sum := sha256.Sum256([]byte(token + id)); return hex.EncodeToString(sum[:])', 'concatenated'],
    [
      'mac := hmac.New(sha256.New, []byte(token)); mac.Write([]byte(id)); return fmt.Sprint(mac.Sum(nil))',
      'raw_bytes',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); mac.Write([]byte(id)); return fmt.Sprintf("%q", mac.Sum(nil))',
      'raw_bytes',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); mac.Write([]byte(id)); return fmt.Sprintf("%X", mac.Sum(nil))',
      'upper_case',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); mac.Write([]byte(id)); return fmt.Sprintf("%x", hex.EncodeToString(mac.Sum(nil)))',
      'hex_twice',
    ],
    [
      'mac := hmac.New(sha256.New, []byte(token)); mac.Write([]byte(id)); return base64.URLEncoding.EncodeToString(mac.Sum(nil))',
      'base64',
    ],
  ],
  java: [
    ['return HexFormat.of().formatHex(hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8)));'],
    [
      'return HexFormat.of().formatHex(hmac("HmacSHA256", id.getBytes(UTF_8), token.getBytes(UTF_8)));',
      'swapped',
    ],
    [
      'return HexFormat.of().withUpperCase().formatHex(hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8)));',
      'upper_case',
    ],
    [
      'return HexFormat.of().formatHex(hmac("HmacSHA256", token.getBytes(UTF_16), id.getBytes(UTF_8)));',
      'token_encoded',
    ],
    [
      'return HexFormat.of().formatHex(hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_16)));',
      'identifier_encoding',
    ],
    [
      'return HexFormat.of().formatHex(hmac("HmacSHA256", Base64.getDecoder().decode(token), id.getBytes(UTF_8)));',
      'token_decoded',
    ],
    [
      'return HexFormat.of().formatHex(hmac("HmacSHA256", String.valueOf(System.getenv("UNSET_TOKEN")).getBytes(UTF_8), id.getBytes(UTF_8)));',
      'token_missing',
    ],
    [
      'Mac mac = mac("HmacSHA256", token); mac.update(id.getBytes(UTF_8)); return HexFormat.of().formatHex(mac.doFinal(id.getBytes(UTF_8)));',
      'identifier_repeated',
    ],
    [
      'return HexFormat.of().formatHex(hmac("HmacSHA256", token.getBytes(UTF_8), MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8))));',
      'identifier_hashed',
    ],
    [
      'return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8))));',
      'hashed_twice',
    ],
    [
      'return HexFormat.of().formatHex(hmac("HmacSHA1", token.getBytes(UTF_8), id.getBytes(UTF_8)));',
      'wrong_algorithm',
    ],
    [
      'return HexFormat.of().formatHex(hmac("HmacSHA512", token.getBytes(UTF_8), id.getBytes(UTF_8)));',
      'wrong_algorithm',
    ],
    [
      'return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8)));',
      'unkeyed',
    ],
    [
      'return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest((token + id).getBytes(UTF_8)));',
      'concatenated',
    ],
    [
      'return Base64.getEncoder().encodeToString(hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8)));',
      'base64',
    ],
    ['return Arrays.toString(hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8)));', 'raw_bytes'],
    ['return new String(hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8)), UTF_8);', 'raw_bytes'],
    ['return String.valueOf(hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8)));', 'hash_missing'],
    [
      'return new BigInteger(hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8))).toString(16);',
      'hex_padding',
    ],
    [
      'StringBuilder hex = new StringBuilder(); for (byte b : hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8))) hex.append(Integer.toHexString(b)); return hex.toString();',
      'hex_padding',
    ],
    [
      'StringBuilder hex = new StringBuilder(); for (byte b : hmac("HmacSHA256", token.getBytes(UTF_8), id.getBytes(UTF_8))) hex.append(Integer.toHexString(b & 0xff)); return hex.toString();',
      'hex_padding',
    ],
  ],
  perl: [
    ['hmac_sha256_hex($id, $token)'],
    ['hmac_sha256_hex($token, $id)', 'swapped'],
    ['hmac_sha256_hex($id)', 'token_empty', 'swapped'],
    ["hmac_sha256_hex($id, pack('H*', $token))", 'token_decoded'],
    ['hmac_sha256_base64($id, $token)', 'base64'],
    ['hmac_sha1_hex($id, $token)', 'wrong_algorithm'],
    ['sha256_hex($token . $id)', 'concatenated'],
    ['sha256_hex($id)', 'unkeyed'],
    ['hmac_sha256_hex(sha256_hex($id), $token)', 'identifier_hashed'],
    ['hmac_sha256_hex("$id\\n", $token)', 'identifier_whitespace'],
    ['hmac_sha256_hex($id, "$token\\n")', 'token_whitespace'],
    ["unpack('H*', hmac_sha256_hex($id, $token))", 'hex_twice'],
    ['hmac_sha256_hex(ucfirst($email), $token)', 'email_signed'],
  ],
  bash: [
    ['printf %s "$id" | openssl dgst -sha256 -hmac "$token" -hex | sed \'s/.* //\''],
    ['printf %s "$id" | openssl dgst -sha256 -hmac "$token"', 'hash_wrapped'],
    ['echo "$id" | openssl dgst -sha256 -hmac "$token" -r', 'identifier_whitespace', 'hash_wrapped'],
    ['openssl dgst -sha256 -hmac "$token" -r <<< "$id" | cut -d\' \' -f1', 'identifier_whitespace'],
    ['printf %s "$token" | openssl dgst -sha256 -hmac "$id" -r | cut -d\' \' -f1', 'swapped'],
    [
      'printf %s "$id" | openssl dgst -sha256 -hmac "$(printf %s "$token" | base64)" -r | cut -d\' \' -f1',
      'token_encoded',
    ],
    ['printf %s "$id" | openssl dgst -sha256 -hmac "$UNSET_TOKEN" -r | cut -d\' \' -f1', 'token_empty'],
    ['printf %s "$id" | openssl dgst -sha256 -hmac "$token" -binary | base64', 'base64'],
    [
      'printf %s "$id" | openssl dgst -sha256 -hmac "$token" -binary | od -An -tx1',
      'hex_separated',
      'hash_wrapped',
    ],
    ['printf %s "$id" | openssl dgst -sha1 -hmac "$token" -r | cut -d\' \' -f1', 'wrong_algorithm'],
    ['printf %s "$id" | openssl dgst -sha256 -r | cut -d\' \' -f1', 'unkeyed'],
    ['printf %s "$token$id" | sha256sum', 'concatenated', 'hash_wrapped'],
    ['printf %s "$id" | openssl dgst -sha256 -hmac "\\"$token\\"" -r | cut -d\' \' -f1', 'token_quoted'],
    ['printf %s "$id" | openssl dgst -sha256 -hmac "$token" -c', 'hex_separated', 'hash_wrapped'],
  ],
};
