import { createHash } from 'node:crypto';

/** SHA-256 of the value's JSON, in hexadecimal. */
export function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
