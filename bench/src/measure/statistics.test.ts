import { median, quantile } from './statistics';

describe('quantiles', () => {
  it('are values that were there, by nearest rank', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.99)).toBe(4);
    expect(median([5, 1, 9])).toBe(5);
  });

  it('of an even number, the median is between the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('of nothing are refused', () => {
    expect(() => median([])).toThrow('nothing');
  });
});
