import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DataConverter } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { PayloadKey, PayloadKeys } from './payloadKeys';

export type PayloadCodec = NonNullable<DataConverter['payloadCodecs']>[number];
export type Payload = Parameters<PayloadCodec['encode']>[0][number];

/** A payload that no key here opens. It passes when the key is configured, so whoever needed the payload tries again. */
export class PayloadKeyError extends Error {
  override readonly name = 'PayloadKeyError';
}

const cipher = 'aes-256-gcm';
/** As in Temporal's own samples of encryption, so that tools which know them see what it is. */
const encoding = 'binary/encrypted';
const ivLength = 12;
const tagLength = 16;

/** Encrypts payloads with the current key, and decrypts them with the key that they name. What is plain stays so. */
export function createPayloadCodec({ current, all }: PayloadKeys): PayloadCodec {
  const byId = new Map(all.map((key) => [key.id, key]));
  return {
    encode: async (payloads) => (current === undefined ? payloads : payloads.map((payload) => seal(payload, current))),
    decode: async (payloads) => payloads.map((payload) => (isSealed(payload) ? open(payload, byId) : payload)),
  };
}

export function isSealed({ metadata }: Payload): boolean {
  return text(metadata?.['encoding']) === encoding;
}

/** The whole payload, with what its converter says of it: initialisation vector, ciphertext, tag. */
function seal(payload: Payload, { id, key }: PayloadKey): Payload {
  const iv = randomBytes(ivLength);
  const sealing = createCipheriv(cipher, key, iv).setAAD(boundTo(id));
  const plain = temporal.api.common.v1.Payload.encode(payload).finish();
  const data = Buffer.concat([iv, sealing.update(plain), sealing.final(), sealing.getAuthTag()]);
  return { metadata: { encoding: Buffer.from(encoding), 'encryption-key-id': Buffer.from(id) }, data };
}

function open({ metadata, data }: Payload, byId: Map<string, PayloadKey>): Payload {
  const id = text(metadata?.['encryption-key-id']);
  const known = byId.get(id);
  if (known === undefined) {
    // An id is from whoever may write to Temporal, and this message goes into logs and histories.
    const which = /^[A-Za-z0-9_.-]{1,40}$/.test(id) ? id : 'of an odd id';
    throw new PayloadKeyError(`a payload is encrypted with the key ${which}, which PAYLOAD_ENCRYPTION_KEYS lacks`);
  }
  try {
    const sealed = Buffer.from(data ?? []);
    const opening = createDecipheriv(cipher, known.key, sealed.subarray(0, ivLength), { authTagLength: tagLength });
    opening.setAAD(boundTo(id)).setAuthTag(sealed.subarray(-tagLength));
    const plain = Buffer.concat([opening.update(sealed.subarray(ivLength, -tagLength)), opening.final()]);
    return temporal.api.common.v1.Payload.decode(plain);
  } catch (error) {
    throw new PayloadKeyError(`a payload does not open with the key ${id}: another key of that id made it`, {
      cause: error,
    });
  }
}

/** What must be as it was when the payload is opened. */
function boundTo(id: string): Buffer {
  return Buffer.from(`${encoding} ${id}`);
}

function text(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
