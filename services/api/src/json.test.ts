import { parseJson, readJsonText, readText } from './json';

const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  new Request('http://store.example/', { method: 'POST', body, headers });
const json = { 'Content-Type': 'application/json' };
const byteOrderMark = '\ufeff';

describe('a body with Content-Encoding', () => {
  it.each(['gzip', 'GZIP', 'deflate', 'br', 'zstd', 'x-gzip', 'identity, gzip', 'nonsense'])(
    '%s is refused, and the answer names what is accepted',
    async (encoding) => {
      await expect(readText(post('{}', { ...json, 'Content-Encoding': encoding }))).rejects.toMatchObject({
        code: 'unsupported_media_type',
        headers: { 'Accept-Encoding': 'identity' },
      });
    },
  );

  it.each(['identity', ' Identity ', 'identity, identity', ''])('%j is read', async (encoding) => {
    expect(await readJsonText(post('{}', { ...json, 'Content-Encoding': encoding }))).toBe('{}');
  });
});

describe('a body', () => {
  it('keeps its byte order mark, which signatures cover and the JSON parser skips', async () => {
    const text = await readText(post(`${byteOrderMark}{"a":1}`));
    expect(text).toBe(`${byteOrderMark}{"a":1}`);
    expect(parseJson(text, 'invalid_cart')).toEqual({ a: 1 });
  });

  it('that is not UTF-8 is refused, because a replacement character would be stored', async () => {
    const latin1 = Buffer.from('{"product":"Caf\u00e9"}', 'latin1');
    await expect(readJsonText(post(latin1, json))).rejects.toMatchObject({ code: 'invalid_json' });
  });

  it('of another media type is refused, unless it is empty', async () => {
    await expect(readJsonText(post('a=1'))).rejects.toMatchObject({ code: 'unsupported_media_type' });
    expect(await readJsonText(post(null))).toBe('');
  });
});
