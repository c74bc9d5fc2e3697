import { createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { secretWeakness } from '../secrets';

/** A key for AES-256. It is a KeyObject, because a log does not show the bytes of a KeyObject. */
export interface PayloadKey {
  id: string;
  key: KeyObject;
}

/** The keys that encrypt and decrypt the payloads that Temporal stores. */
export interface PayloadKeys {
  /** Encrypts new payloads. Undefined while processes only decrypt, as in the first step of a rollout. */
  current: PayloadKey | undefined;
  /** All keys that decrypt payloads. */
  all: readonly PayloadKey[];
}

/** In `PAYLOAD_ENCRYPTION_KEYS`, this word stands in place of the first key while processes encrypt nothing. */
const noKey = 'none';
const form = /^(?<id>[A-Za-z0-9_.-]{1,40}):(?<key>[A-Za-z0-9+/]{43}=)$/;
const expected =
  'expected id:key,id:key: each id has 1 to 40 letters, digits, ".", "_" or "-", and each key is 32 bytes in base64 (openssl rand -base64 32)';

/**
 * `PAYLOAD_ENCRYPTION_KEYS`, for example `2026-11:<base64>,2026-05:<base64>`. The first key encrypts, and all keys
 * decrypt.
 */
export const payloadKeysVariable = z.string().transform((text, context): PayloadKeys => {
  const entries = text.split(',').map((entry) => entry.trim());
  const encrypts = entries[0] !== noKey;
  const read = (encrypts ? entries : entries.slice(1)).map(readKey);
  const keys = read.filter((key) => typeof key !== 'string');
  const complaint = read.find((key) => typeof key === 'string') ?? complaintAbout(keys);
  if (complaint === undefined) return { current: encrypts ? keys[0] : undefined, all: keys };
  context.addIssue({ code: 'custom', message: complaint });
  return z.NEVER;
});

/** @returns the key, or a complaint if the entry is not valid. The complaint does not quote the entry */
function readKey(entry: string): PayloadKey | string {
  const { id, key } = form.exec(entry)?.groups ?? {};
  if (id === undefined || key === undefined) return expected;
  const bytes = Buffer.from(key, 'base64');
  const weakness = secretWeakness(bytes.toString('latin1'));
  return weakness === undefined ? { id, key: createSecretKey(bytes) } : `a key is too weak: ${weakness}`;
}

function complaintAbout(keys: PayloadKey[]): string | undefined {
  if (keys.length === 0) return expected;
  if (new Set(keys.map(({ id }) => id)).size < keys.length) return 'two keys have the same id';
  return undefined;
}
