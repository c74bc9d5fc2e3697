import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * The token of an `Authorization: Bearer` header (RFC 6750, 2.1). Undefined if the header is missing or has another
 * form.
 */
export function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(header ?? '')?.[1];
}

/** @returns a function that compares a text with the secret in constant time */
export function secretMatcher(secret: string): (given: string) => boolean {
  const expected = digest(secret);
  // timingSafeEqual needs inputs of equal length. Digests have equal lengths, and hide the length of the secret.
  return (given) => timingSafeEqual(digest(given), expected);
}

const shortestSecret = 24;
const fewestCharacters = 6;

/** Every word has at least six characters, because shorter words occur in random texts. */
const wellKnownWords = [
  'changeme',
  'changethis',
  'replaceme',
  'placeholder',
  'password',
  'passphrase',
  'example',
  'default',
  'insecure',
  'supersecret',
  'topsecret',
  'mysecret',
  'yoursecret',
  'yourtoken',
  'admintoken',
  'letmein',
  'testtest',
  'qwerty',
  '0123456789',
  '1234567890',
];

/**
 * Says why a secret does not look random, without quoting the secret.
 *
 * @param secret the text of the secret. For a secret that consists of bytes, a text with one character for each byte
 * @returns undefined if the secret looks random
 */
export function secretWeakness(secret: string): string | undefined {
  if (secret.length < shortestSecret) return `it is shorter than ${shortestSecret} characters`;
  if (new Set(secret).size < fewestCharacters) return 'it repeats a few characters';
  const plain = secret.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return wellKnownWords.some((word) => plain.includes(word)) ? 'it is a placeholder' : undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
