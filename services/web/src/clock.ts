/** A header has whole seconds, and its answer was under way: less than this is no difference between the clocks. */
const toleranceMs = 3_000;
let aheadMs = 0;

/**
 * Remembers how far the store's clock is from this device's. When a reservation ends is for the store's clock to say.
 *
 * @param date the `Date` header of an answer that has just come from the store; null when it has none
 */
export function noteStoreTime(date: string | null): void {
  const differenceMs = Date.parse(date ?? '') - Date.now();
  if (Number.isFinite(differenceMs)) aheadMs = Math.abs(differenceMs) > toleranceMs ? differenceMs : 0;
}

/** Now by the store's clock. @returns milliseconds since the epoch */
export function storeNow(): number {
  return Date.now() + aheadMs;
}
