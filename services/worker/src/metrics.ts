import type { OldestHold, Store } from '@widget-store/db';
import { Gauge, type Registry } from '@widget-store/runtime';

/** Metrics of the orders that wait for their payment. Each scrape queries Postgres. */
export function measureHolds(store: Pick<Store, 'readOldestHold'>, registry: Registry): void {
  const measure = (name: string, help: string, read: (hold: OldestHold) => number): void => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      // When Postgres is away, the scrape must still return the other metrics.
      collect: async () => gauge.set(await store.readOldestHold().then(read, () => Number.NaN)),
    });
  };
  measure(
    'widget_store_oldest_hold_age_seconds',
    'Age of the oldest order that waits for its payment; 0 when none does.',
    ({ ageSeconds }) => ageSeconds,
  );
  measure(
    'widget_store_oldest_hold_overdue_seconds',
    'Seconds since the end of the payment window of the most overdue order that still waits for its payment; 0 when none is overdue.',
    ({ overdueSeconds }) => overdueSeconds,
  );
}
