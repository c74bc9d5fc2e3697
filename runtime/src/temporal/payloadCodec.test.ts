import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { z } from 'zod';
import { parseEnv } from '../environment';
import { createPayloadCodec, type Payload } from './payloadCodec';
import { payloadKeysVariable } from './payloadKeys';
import { redactSecrets } from '../redact';

const newKey = (): string => randomBytes(32).toString('base64');
const keysOf = (text: string) => z.parse(payloadKeysVariable, text);
const codecOf = (text: string) => createPayloadCodec(keysOf(text));
const canary = '221B Baker Street';
const plain: Payload = {
  metadata: { encoding: Buffer.from('json/plain'), odd: Buffer.from([0, 255]) },
  data: Buffer.from(JSON.stringify({ address: canary })),
};
const textOf = (payload: Payload | undefined) => Buffer.from(payload?.data ?? []).toString();
const labelOf = (payload: Payload | undefined, name: string) => Buffer.from(payload?.metadata?.[name] ?? []).toString();

describe('the payload codec', () => {
  const [one, other] = [newKey(), newKey()];

  it('decrypts what it has encrypted, and writes no plain text', async () => {
    const codec = codecOf(`one:${one}`);
    const empty = { metadata: { encoding: Buffer.from('binary/null') } };
    const sealed = await codec.encode([plain, empty, plain]);
    expect(sealed.map((payload) => labelOf(payload, 'encoding'))).toEqual(Array(3).fill('binary/encrypted'));
    expect(JSON.stringify(sealed.map(({ data }) => Buffer.from(data ?? []).toString('latin1')))).not.toContain(canary);
    expect(textOf(sealed[0])).not.toBe(textOf(sealed[2]));
    const opened = await codec.decode(sealed);
    expect(opened.map(textOf)).toEqual([textOf(plain), '', textOf(plain)]);
    expect(Buffer.from(opened[0]?.metadata?.['odd'] ?? [])).toEqual(Buffer.from([0, 255]));
    expect(labelOf(opened[1], 'encoding')).toBe('binary/null');
  });

  it('encrypts with the first key and decrypts with the named one, through all steps of a rotation', async () => {
    const [old, both, turned] = [`one:${one}`, `one:${one},two:${other}`, `two:${other},one:${one}`].map(codecOf);
    const [before] = (await both?.encode([plain])) ?? [];
    const [after] = (await turned?.encode([plain])) ?? [];
    expect([before, after].map((payload) => labelOf(payload, 'encryption-key-id'))).toEqual(['one', 'two']);
    const pair = [before, after].filter((payload) => payload !== undefined);
    for (const codec of [both, turned])
      expect((await codec?.decode(pair))?.map(textOf)).toEqual(pair.map(() => textOf(plain)));
    await expect(old?.decode(pair)).rejects.toThrow('the key two, which PAYLOAD_ENCRYPTION_KEYS lacks');
  });

  it('keeps plain payloads, and encrypts nothing while the first entry is `none`', async () => {
    expect(await codecOf(`one:${one}`).decode([plain])).toEqual([plain]);
    const reader = codecOf(`none,one:${one}`);
    expect(await reader.encode([plain])).toEqual([plain]);
    expect((await reader.decode(await codecOf(`one:${one}`).encode([plain]))).map(textOf)).toEqual([textOf(plain)]);
  });

  it('names the missing key, and refuses to decrypt a changed payload', async () => {
    const [sealed] = await codecOf(`one:${one}`).encode([plain]);
    const data = Buffer.from(sealed?.data ?? []);
    const metadata = sealed?.metadata ?? {};
    const otherKey = codecOf(`one:${other}`).decode([{ metadata, data }]);
    await expect(otherKey).rejects.toMatchObject({
      name: 'PayloadKeyError',
      message: expect.stringContaining('key one'),
    });
    const codec = codecOf(`one:${one},two:${one}`);
    const flipped = Buffer.from(data);
    flipped.writeUInt8(data.readUInt8(20) ^ 1, 20);
    const renamed = { ...metadata, 'encryption-key-id': Buffer.from('two') };
    for (const forged of [
      { metadata, data: flipped },
      { metadata, data: data.subarray(0, 10) },
      { metadata, data: data.subarray(0, -4) },
      { metadata: renamed, data },
      { metadata: { ...metadata, 'encryption-key-id': Buffer.from('x"\n') }, data },
    ]) {
      await expect(codec.decode([forged])).rejects.toThrow(/does not decrypt a payload|the key of an invalid id/);
    }
  });
});

describe('PAYLOAD_ENCRYPTION_KEYS', () => {
  const key = newKey();

  it.each([
    ['no id', key],
    ['no key', 'one:'],
    ['a key that is too short', `one:${randomBytes(16).toString('base64')}`],
    ['a key that anybody could guess', `one:${Buffer.alloc(32, 7).toString('base64')}`],
    ['an id twice', `one:${key},one:${newKey()}`],
    ['an entry that is empty', `one:${key},`],
    ['nothing to read with', 'none'],
    ['none in the second place', `one:${key},none`],
  ])('is refused with %s, and the message does not quote the value', (_what, text) => {
    const parse = () => parseEnv({ PAYLOAD_ENCRYPTION_KEYS: text }, { PAYLOAD_ENCRYPTION_KEYS: payloadKeysVariable });
    expect(parse).toThrow(/^PAYLOAD_ENCRYPTION_KEYS is not valid: /);
    expect(parse).not.toThrow(key);
  });

  it('keeps its keys out of logs', () => {
    const read = keysOf(` one:${key} , two:${newKey()} `);
    expect(read.all.map(({ id }) => id)).toEqual(['one', 'two']);
    expect(inspect(read, { depth: 9, showHidden: true }) + JSON.stringify(read)).not.toContain(key.slice(0, 12));
    expect(redactSecrets(`{"msg":"PAYLOAD_ENCRYPTION_KEYS=one:${key},two:${key}"}`)).not.toContain(key);
  });
});
