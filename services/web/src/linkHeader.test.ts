import { cursorOf } from './linkHeader.js';

test.each([
  [null, null],
  ['', null],
  ['</orders?limit=20&cursor=abc>; rel="next"', 'abc'],
  ['<https://elsewhere.example/orders?cursor=a%2Bb%3D>; rel=next', 'a+b='],
  ['</orders?cursor=first>; rel="prev", </orders?cursor=second>; title="more"; rel="next"', 'second'],
  ['</orders?cursor=first>; rel="prev"', null],
  ['</orders>; rel="next"', null],
  ['<https://[broken>; rel="next"', null],
])('the next cursor of %p is %p', (header, expected) => {
  expect(cursorOf(header, 'next')).toBe(expected);
});

test('the previous cursor is that of rel="prev"', () => {
  expect(cursorOf('</orders?cursor=second>; rel="next", </orders?cursor=first>; rel="prev"', 'prev')).toBe('first');
});
