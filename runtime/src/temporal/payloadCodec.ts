import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DataConverter } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { PayloadKey, PayloadKeys } from './payloadKeys';

export type PayloadCodec = NonNullable<DataConverter['payloadCodecs']>[number];
export type Payload = Parameters<PayloadCodec['encode']>[0][number];

/** Thrown if no configured key decrypts a payload. A retry succeeds after an operator has configured the key. */
export class PayloadKeyError extends Error {
  override readonly name = 'PayloadKeyError';
}

const cipher = 'aes-256-gcm';
/** Temporal's encryption samples use this name, so tools recognise it. */
const encoding = 'binary/encrypted';
const ivLength = 12;
const tagLength = 16;

/**
 * Encrypts payloads with the current key, if there is one. Decrypts each encrypted payload with the key that the
 * payload names, and returns plain payloads unchanged.
 */
export function createPayloadCodec({ current, all }: PayloadKeys): PayloadCodec {
  const byId = new Map(all.map((key) => [key.id, key]));
  return {
    encode: async (payloads) =>
      current === undefined ? payloads : payloads.map((payload) => encrypt(payload, current)),
    decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decrypt(payload, byId) : payload)),
  };
}

export function isEncrypted({ metadata }: Payload): boolean {
  return text(metadata?.['encoding']) === encoding;
}

/** Encrypts the payload and its metadata. The encrypted data consists of initialisation vector, ciphertext and tag. */
function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  const iv = randomBytes(ivLength);
  const encryption = createCipheriv(cipher, key, iv).setAAD(additionalData(id));
  const plain = temporal.api.common.v1.Payload.encode(payload).finish();
  const data = Buffer.concat([iv, encryption.update(plain), encryption.final(), encryption.getAuthTag()]);
  return { metadata: { encoding: Buffer.from(encoding), 'encryption-key-id': Buffer.from(id) }, data };
}

function decrypt({ metadata, data }: Payload, byId: Map<string, PayloadKey>): Payload {
  const id = text(metadata?.['encryption-key-id']);
  const known = byId.get(id);
  if (known === undefined) {
    // Anybody who can write to Temporal can choose this id. The message quotes only a valid id, because logs and
    // histories contain the message.
    const which = /^[A-Za-z0-9_.-]{1,40}$/.test(id) ? id : 'of an invalid id';
    throw new PayloadKeyError(`a payload is encrypted with the key ${which}, which PAYLOAD_ENCRYPTION_KEYS lacks`);
  }
  try {
    const encrypted = Buffer.from(data ?? []);
    const decryption = createDecipheriv(cipher, known.key, encrypted.subarray(0, ivLength), {
      authTagLength: tagLength,
    });
    decryption.setAAD(additionalData(id)).setAuthTag(encrypted.subarray(-tagLength));
    const plain = Buffer.concat([decryption.update(encrypted.subarray(ivLength, -tagLength)), decryption.final()]);
    return temporal.api.common.v1.Payload.decode(plain);
  } catch (error) {
    throw new PayloadKeyError(
      `the key ${id} does not decrypt a payload: the payload is damaged, or another key with the same id encrypted it`,
      {
        cause: error,
      },
    );
  }
}

/** The additional authenticated data. With it, decryption fails if somebody has changed the encoding or the key id. */
function additionalData(id: string): Buffer {
  return Buffer.from(`${encoding} ${id}`);
}

function text(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
