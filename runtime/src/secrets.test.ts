import { randomBytes } from 'node:crypto';
import { bearerToken, secretMatcher, secretWeakness } from './secrets';

describe('bearerToken', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc', 'abc'],
    ['Basic abc', undefined],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %j is %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});

test('a secret matches only itself', () => {
  const matches = secretMatcher('correct horse');
  expect(['correct horse', 'correct hors', 'correct horse ', ''].map(matches)).toEqual([true, false, false, false]);
});

describe('secretWeakness', () => {
  it.each([
    ['short', 'it is shorter than 24 characters'],
    ['a'.repeat(64), 'it repeats a few characters'],
    ['\0'.repeat(32), 'it repeats a few characters'],
    ['abab'.repeat(16), 'it repeats a few characters'],
    ['changeme-changeme-changeme', 'it is a placeholder'],
    ['please-CHANGE_ME-before-production', 'it is a placeholder'],
    ['0123456789abcdef0123456789abcdef', 'it is a placeholder'],
  ])('%j: %s', (secret, weakness) => {
    expect(secretWeakness(secret)).toBe(weakness);
  });

  it('accepts random secrets', () => {
    const random = Array.from({ length: 1000 }, () => randomBytes(24));
    expect(random.filter((bytes) => secretWeakness(bytes.toString('hex')) !== undefined)).toEqual([]);
    expect(random.filter((bytes) => secretWeakness(bytes.toString('base64')) !== undefined)).toEqual([]);
    expect(random.filter((bytes) => secretWeakness(bytes.toString('latin1')) !== undefined)).toEqual([]);
  });
});
