import type { OldestHold, Store } from '@widget-store/db';
import { attentionKinds } from '@widget-store/contract';
import { Gauge, type Registry } from '@widget-store/runtime';

/** Registers metrics about the orders that wait for their payment. Each scrape queries Postgres. */
export function measureHolds(store: Pick<Store, 'readOldestHold'>, registry: Registry): void {
  const measure = (name: string, help: string, read: (hold: OldestHold) => number): void => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      // If Postgres does not answer, this metric is NaN, because the scrape must still return the other metrics.
      collect: async () => gauge.set(await store.readOldestHold().then(read, () => Number.NaN)),
    });
  };
  measure(
    'widget_store_oldest_hold_age_seconds',
    'Age of the oldest order that waits for its payment; 0 if no order waits.',
    ({ ageSeconds }) => ageSeconds,
  );
  measure(
    'widget_store_oldest_hold_overdue_seconds',
    'Seconds since the earliest end of a payment window among the orders that still wait for their payment; 0 if no window has ended.',
    ({ overdueSeconds }) => overdueSeconds,
  );
}

/** The highest total that the metric reports. The alert needs only to know that items exist, or more than before. */
const maxAttentionItems = 1000;

/**
 * Registers the metric of failed refunds, disputes and cancelled orders that need a person. Each scrape queries
 * Postgres.
 */
export function measureAttention(store: Pick<Store, 'listAttention'>, registry: Registry): void {
  const gauge: Gauge<'kind'> = new Gauge({
    name: 'widget_store_attention_items',
    help: 'Failed refunds, open disputes and cancelled orders with money that need a person.',
    labelNames: ['kind'] as const,
    registers: [registry],
    collect: async () => {
      const items = await store.listAttention({ limit: maxAttentionItems }).catch(() => null);
      for (const kind of attentionKinds) {
        gauge.set({ kind }, items === null ? Number.NaN : items.filter((item) => item.kind === kind).length);
      }
    },
  });
}
