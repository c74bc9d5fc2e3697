import { readCart } from './cart';
import type { Problem } from './problem';

const codeOf = (text: string): string => {
  try {
    readCart(text);
  } catch (error) {
    return (error as Problem).code;
  }
  return 'accepted';
};

describe('readCart', () => {
  it.each(['', ' \n', '{}'])('%j buys one of the default product', (text) => {
    expect(readCart(text).lines).toEqual([{ productId: 1, quantity: 1 }]);
  });

  it('adds up the lines of one product and sorts by product', () => {
    const text =
      '{"items":[{"product_id":3,"quantity":1},{"product_id":1,"quantity":2},{"product_id":3,"quantity":4}]}';
    expect(readCart(text).lines).toEqual([
      { productId: 1, quantity: 2 },
      { productId: 3, quantity: 5 },
    ]);
  });

  it('gives equal carts the same fingerprint, and different carts different ones', () => {
    const same = [
      '',
      '{}',
      '{"items":[{"quantity":1,"product_id":1}]}',
      ' {"items" : [{"product_id":1,"quantity":1}]}',
    ];
    expect(new Set(same.map((text) => readCart(text).fingerprint)).size).toBe(1);
    expect(readCart('{"items":[{"product_id":1,"quantity":2}]}').fingerprint).not.toBe(readCart('').fingerprint);
  });

  it('gives a cart with an expected total its own fingerprint', () => {
    const carts = ['', '{"expected_total_minor":9999}', '{"expected_total_minor":9998}'].map(readCart);
    expect(carts.map((cart) => cart.expectedTotalMinor)).toEqual([undefined, 9999, 9998]);
    expect(new Set(carts.map((cart) => cart.fingerprint)).size).toBe(3);
  });

  it('keeps the fingerprint of the default cart, because stored orders contain it', () => {
    expect(readCart('').fingerprint).toBe('5cc6a8a697bb6f2fcb468ef02cf2a76e9ad3f5da223682f1ca29288836ee66b3');
  });

  it.each(['{', 'null,', '{"items":[}', 'undefined'])('%s is not JSON', (text) => {
    expect(codeOf(text)).toBe('invalid_json');
  });

  it.each([
    'null',
    '[]',
    '"items"',
    '{"items":[]}',
    '{"items":[{"product_id":1,"quantity":0}]}',
    '{"items":[{"product_id":1,"quantity":-1}]}',
    '{"items":[{"product_id":1,"quantity":1.5}]}',
    '{"items":[{"product_id":1,"quantity":1e9}]}',
    '{"items":[{"product_id":1,"quantity":"1"}]}',
    '{"items":[{"product_id":1,"quantity":600},{"product_id":1,"quantity":600}]}',
    '{"items":[{"product_id":1,"quantity":1,"price_minor":1}]}',
    '{"items":[{"product_id":1}]}',
    '{"expected_total_minor":0}',
    '{"expected_total_minor":99.99}',
    '{"expected_total_minor":"9999"}',
    '{"expected_total_minor":1e17}',
    '{"coupon":"x"}',
    '{"__proto__":{"items":[]}}',
    '{"items":[{"product_id":1,"quantity":1,"__proto__":{"x":1}}]}',
    '{"constructor":1}',
  ])('%s is not a cart', (text) => {
    expect(codeOf(text)).toBe('invalid_cart');
  });
});
