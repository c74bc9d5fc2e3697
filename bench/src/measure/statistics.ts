/**
 * Returns the middle value, or the mean of the two middle values.
 *
 * @param values at least one value
 */
export function median(values: number[]): number {
  const upper = values.map((value) => -value);
  return (quantile(values, 0.5) - quantile(upper, 0.5)) / 2;
}

/**
 * Returns the smallest value for which at least this share of the values is equal or smaller (nearest rank).
 *
 * @param values at least one value
 * @param share from 0 to 1
 */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('a quantile needs at least one value');
  return value;
}

export function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
