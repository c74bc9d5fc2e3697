/**
 * Smaller differences between the store's clock and this device's clock are ignored. They are not reliable, because the
 * `Date` header has only whole seconds and a response takes time to arrive.
 */
const toleranceMs = 3_000;
let offsetMs = 0;

/**
 * Records the difference between the store's clock and this device's clock. The store's clock decides when a
 * reservation ends.
 *
 * @param date the `Date` header of a response that has just arrived; null if the response has no such header
 */
export function recordStoreTime(date: string | null): void {
  const differenceMs = Date.parse(date ?? '') - Date.now();
  if (Number.isFinite(differenceMs)) offsetMs = Math.abs(differenceMs) > toleranceMs ? differenceMs : 0;
}

/** The current time on the store's clock. @returns milliseconds since the epoch */
export function storeNowMs(): number {
  return Date.now() + offsetMs;
}
