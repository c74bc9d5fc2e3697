import type { OldestHold, Store } from '@widget-store/db';
import { Gauge, type Registry } from '@widget-store/runtime';

/** What the worker says of the orders that wait for their payment; Postgres is asked at each scrape. */
export function measureHolds(store: Pick<Store, 'readOldestHold'>, registry: Registry): void {
  const measure = (name: string, help: string, read: (hold: OldestHold) => number): void => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      // A database that is away is told by /readyz; the other metrics are wanted then all the more.
      collect: async () => gauge.set(await store.readOldestHold().then(read, () => Number.NaN)),
    });
  };
  measure(
    'widget_store_oldest_hold_age_seconds',
    'Age of the oldest order that still waits for its payment; 0 when none does.',
    ({ ageSeconds }) => ageSeconds,
  );
  measure(
    'widget_store_oldest_hold_overdue_seconds',
    'How long ago the payment window of an order ended that still waits for its payment, of the longest; 0 when none has.',
    ({ overdueSeconds }) => overdueSeconds,
  );
}
