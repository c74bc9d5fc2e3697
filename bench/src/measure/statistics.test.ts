import { median, quantile } from './statistics';

describe('quantiles', () => {
  it('are values of the sample (nearest rank)', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.99)).toBe(4);
    expect(median([5, 1, 9])).toBe(5);
  });

  it('of an even number of values: the median is the mean of the two middle values', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('need at least one value', () => {
    expect(() => median([])).toThrow('at least one value');
  });
});
