/**
 * Values that this process has read from runs. To read a value again would cost the worker and Temporal as much as a
 * workflow task.
 */
export interface RecentValues {
  /** Undefined if this process has never read the value, or has dropped it since then. */
  get(key: string): string | undefined;
  remember(key: string, value: string): void;
}

/**
 * The maximum number of entries. The oldest entries are dropped first, because most payments arrive within minutes of
 * their checkout.
 */
const maxRemembered = 20_000;

export function createRecentValues(): RecentValues {
  // A Map keeps its entries in the sequence of insertion.
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key),
    remember: (key, value) => {
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > maxRemembered && oldest !== undefined) values.delete(oldest);
    },
  };
}
