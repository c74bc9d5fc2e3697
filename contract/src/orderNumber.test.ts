import { orderNumberOf, searchedSequence, sequenceOfOrderNumber } from './orderNumber';

describe('an order number', () => {
  it.each([1, 42, 1021, 999_999, 123_456_789_012])('of sequence %d is read back', (sequence) => {
    expect(sequenceOfOrderNumber(orderNumberOf(sequence))).toBe(sequence);
  });

  it.each(['1042-0N', '1042 0n', ' 1042on ', '1042-ON'])('can be typed as "%s"', (text) => {
    expect(sequenceOfOrderNumber(text)).toBe(42);
  });

  it.each(['', '1042', '1042-0P', '0999-0N', '1042-0N1', 'ord_00112233445566778899aabbccddeeff', '9'.repeat(17)])(
    '"%s" is not an order number',
    (text) => {
      expect(sequenceOfOrderNumber(text)).toBeUndefined();
    },
  );

  it('can be searched without its check symbols', () => {
    expect(['1042-0N', '1042', ' 1042 '].map(searchedSequence)).toEqual([42, 42, 42]);
    expect(['1042-0P', '1000', '0042', '42', '9'.repeat(16)].map(searchedSequence)).toEqual(Array(5).fill(undefined));
  });

  it('with one wrong digit, or with two neighbouring digits swapped, is not valid', () => {
    for (let sequence = 1; sequence < 20_000; sequence += 137) {
      const [digits = '', check = ''] = orderNumberOf(sequence).split('-');
      for (let at = 0; at < digits.length; at++) {
        const [before, digit, next, after] = [digits.slice(0, at), digits[at], digits[at + 1], digits.slice(at + 2)];
        for (let wrong = 0; wrong < 10; wrong++) {
          if (String(wrong) === digit) continue;
          expect(sequenceOfOrderNumber(`${before}${wrong}${digits.slice(at + 1)}-${check}`)).toBeUndefined();
        }
        if (next === undefined || next === digit) continue;
        expect(sequenceOfOrderNumber(`${before}${next}${digit}${after}-${check}`)).toBeUndefined();
      }
    }
  });
});
