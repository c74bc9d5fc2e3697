/** Texts that a hostile client can send instead of an id, percent-encoded where a path requires it. */
export const hostileText: [what: string, text: string][] = [
  ['a zero byte', '%00'],
  ['a line break', '%0d%0aX:1'],
  ['a slash', 'a%2Fb'],
  ['SQL', '%27%3B%20drop%20table%20orders--'],
  ['a path to a parent folder', '..%2F..%2Fpackage.json'],
  ['an incomplete escape', '%'],
  ['an incomplete character', '%E0%A4%A'],
  ['no character', '%EF%BF%BF'],
  ['5000 letters', 'x'.repeat(5000)],
];
