/** @param values at least one */
export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/**
 * The value that a share of all values does not exceed (nearest rank).
 *
 * @param values at least one
 * @param share 0 to 1
 */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('there is nothing to take a quantile of');
  return value;
}

export function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
