/**
 * Random hexadecimal digits that nobody can guess. `crypto.randomUUID` is no alternative: without TLS, it exists only
 * on pages from localhost.
 */
export function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
