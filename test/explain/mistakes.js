// @ts-check
// Evaluates the expressions in their languages and writes the hashes to mistakes.json. On Debian:
//   apt-get install python3 ruby php-cli golang-go default-jdk perl openssl
//   node test/explain/mistakes.js
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expressions } from './expressions.js';

const given = { token: 'wyHVRZzzJhjPMKR2h7LpeJVy', id: 'user-9', email: 'ada@example.com' };
const folder = mkdtempSync(join(tmpdir(), 'mistakes-'));

/** @param {string} program @param {string[]} words */
const run = (program, words) =>
  execFileSync(program, words, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LANG: 'C.UTF-8' },
  });

/** @param {string} name @param {string} code */
function file(name, code) {
  const path = join(folder, name);
  writeFileSync(path, code);
  return path;
}

const text = JSON.stringify;

/**
 * Declares the values in the syntax of a language. All values are plain ASCII. @param {(name: string, value: string) => string} line
 */
const values = (line) =>
  Object.entries(given)
    .map(([name, value]) => line(name, text(value)))
    .join('\n');

/**
 * Functions that evaluate a list of expressions in each language. The program prints the hashes as a JSON array
 * of strings.
 * @type {Record<string, (list: string[]) => string>}
 */
const languages = {
  node: (list) =>
    run('node', [
      file(
        'mistakes.mjs',
        `import { createHash, createHmac } from 'node:crypto';
${values((name, value) => `const ${name} = ${value};`)}
console.log(JSON.stringify([${list.join(',\n')}]));`,
      ),
    ]),
  python: (list) =>
    run('python3', [
      file(
        'mistakes.py',
        `import base64, binascii, hashlib, hmac, json, os
def updated(mac, text):
    mac.update(text.encode())
    return mac
${values((name, value) => `${name} = ${value}`)}
print(json.dumps([${list.join(',\n')}]))`,
      ),
    ]),
  ruby: (list) =>
    run('ruby', [
      file(
        'mistakes.rb',
        `require 'base64'; require 'digest'; require 'json'; require 'openssl'
${values((name, value) => `${name} = ${value}`)}
puts JSON.generate([${list.join(',\n')}])`,
      ),
    ]),
  php: (list) =>
    run('php', [
      file(
        'mistakes.php',
        `<?php
${values((name, value) => `$${name} = ${value};`)}
echo json_encode([${list.join(',\n')}], JSON_THROW_ON_ERROR);`,
      ),
    ]),
  go: (list) =>
    run('go', [
      'run',
      file(
        'mistakes.go',
        `package main
import ("crypto/hmac"; "crypto/sha1"; "crypto/sha256"; "encoding/base64"; "encoding/hex"; "encoding/json"; "fmt"; "os")
${values((name, value) => `const ${name} = ${value}`)}
var _ = email
func main() {
  json.NewEncoder(os.Stdout).Encode([]string{${list.map((body) => `func() string { ${body} }()`).join(',\n')}})
}
var _ = sha1.New
var _ = base64.StdEncoding
var _ = fmt.Sprint`,
      ),
    ]),
  java: (list) =>
    run('java', [
      file(
        'Mistakes.java',
        `import static java.nio.charset.StandardCharsets.*;
import java.math.BigInteger; import java.security.*; import java.util.*; import javax.crypto.Mac; import javax.crypto.spec.SecretKeySpec;
public class Mistakes {
${values((name, value) => `static final String ${name} = ${value};`)}
static Mac mac(String name, String key) throws Exception { Mac mac = Mac.getInstance(name); mac.init(new SecretKeySpec(key.getBytes(UTF_8), name)); return mac; }
static byte[] hmac(String name, byte[] key, byte[] message) throws Exception { Mac mac = Mac.getInstance(name); mac.init(new SecretKeySpec(key, name)); return mac.doFinal(message); }
${list.map((body, index) => `static String m${index}() throws Exception { ${body} }`).join('\n')}
static String json(String text) { StringBuilder out = new StringBuilder("\\""); for (char c : text.toCharArray()) out.append(String.format("\\\\u%04x", (int) c)); return out + "\\""; }
public static void main(String[] args) throws Exception { System.out.println("[" + String.join(",", ${list.map((_body, index) => `json(m${index}())`).join(', ')}) + "]"); }
}`,
      ),
    ]),
  perl: (list) =>
    run('perl', [
      file(
        'mistakes.pl',
        `use Digest::SHA qw(sha256_hex hmac_sha256_hex hmac_sha256_base64 hmac_sha1_hex); use JSON::PP;
${values((name, value) => `my $${name} = ${value.replace('@', '\\@')};`)}
print encode_json([${list.map((expression) => `scalar(${expression})`).join(',\n')}]);`,
      ),
    ]),
  bash: (list) =>
    text(
      list.map((command) =>
        run('bash', ['-c', `${values((name, value) => `${name}=${value}`)}\n${command}`]).replace(/\n$/, ''),
      ),
    ),
};

const versions = {
  node: process.version,
  python: run('python3', ['--version']).trim(),
  ruby: run('ruby', ['--version']).trim().split(' (')[0],
  php: run('php', ['--version']).split(' (')[0],
  go: run('go', ['version']).trim(),
  java: run('java', ['--version']).split('\n')[0],
  perl: `perl ${run('perl', ['-e', 'print $^V'])}`,
  bash: `${run('bash', ['--version']).split('\n')[0]}, ${run('openssl', ['version']).trim()}`,
};

const mistakes = Object.entries(expressions).flatMap(([language, list]) => {
  /** @type {string[]} */
  const hashes = JSON.parse(
    /** @type {(list: string[]) => string} */ (languages[language])(list.map(([expression]) => expression)),
  );
  return list.map(([expression, ...causes], index) => ({
    language,
    expression,
    hash: hashes[index],
    causes,
  }));
});
rmSync(folder, { recursive: true });

const path = fileURLToPath(new URL('mistakes.json', import.meta.url));
writeFileSync(path, `${JSON.stringify({ given, versions, mistakes }, null, 2)}\n`);
execFileSync('npx', ['biome', 'format', '--write', path]);
console.log(`${mistakes.length} hashes of ${Object.keys(versions).length} languages`);
for (const { language, expression, hash } of JSON.parse(readFileSync(path, 'utf8')).mistakes)
  if (process.argv.includes('--print')) console.log(language, expression, text(hash));
