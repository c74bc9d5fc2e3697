/** Unguessable. `crypto.randomUUID` does not exist on pages loaded over plain http from another host. */
export function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
