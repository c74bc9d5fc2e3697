import type { Store } from '@widget-store/db';
import { attentionKinds } from '@widget-store/contract';
import { Gauge, type Registry } from '@widget-store/runtime';

/**
 * Registers the metrics of orders that wait for their payment, their shipment or an operator's decision. Each scrape
 * queries Postgres.
 */
export function measureWaiting(
  store: Pick<Store, 'readOldestHold' | 'readOrdersToShip' | 'countAttention'>,
  registry: Registry,
): void {
  measureHolds(store, registry);
  measureOrdersToShip(store, registry);
  measureAttention(store, registry);
}

/** Registers metrics about the orders that wait for their payment. */
function measureHolds(store: Pick<Store, 'readOldestHold'>, registry: Registry): void {
  measure(registry, {
    name: 'widget_store_oldest_hold_age_seconds',
    help: 'Age of the oldest order that waits for its payment; 0 if no order waits.',
    read: async () => (await store.readOldestHold()).ageSeconds,
  });
  measure(registry, {
    name: 'widget_store_oldest_hold_overdue_seconds',
    help: 'Seconds since the earliest end of a payment window among the orders that still wait for their payment; 0 if no window has ended.',
    read: async () => (await store.readOldestHold()).overdueSeconds,
  });
}

/** Registers metrics about the paid orders that wait for an operator to ship them. */
function measureOrdersToShip(store: Pick<Store, 'readOrdersToShip'>, registry: Registry): void {
  measure(registry, {
    name: 'widget_store_orders_to_ship',
    help: 'Paid orders that wait for an operator to ship them.',
    read: async () => (await store.readOrdersToShip()).count,
  });
  measure(registry, {
    name: 'widget_store_oldest_order_to_ship_age_seconds',
    help: 'Time since the oldest order to ship became ready; 0 if there is none.',
    read: async () => (await store.readOrdersToShip()).oldestSeconds,
  });
}

interface Measured {
  name: string;
  help: string;
  read(this: void): Promise<number>;
}

/** Registers a gauge whose value is read at each scrape. */
export function measure(registry: Registry, { name, help, read }: Measured): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    // If Postgres does not answer, this metric is NaN, so that the scrape still returns the other metrics.
    collect: async () => gauge.set(await read().catch(() => Number.NaN)),
  });
}

/** Registers the metric of everything that an operator must decide about (see `attentionKinds`). */
function measureAttention(store: Pick<Store, 'countAttention'>, registry: Registry): void {
  const gauge: Gauge<'kind'> = new Gauge({
    name: 'widget_store_attention_items',
    help: 'What needs a person: failed refunds, open disputes, money of cancelled orders, pieces of refunded orders, failed outgoing events.',
    labelNames: ['kind'] as const,
    registers: [registry],
    collect: async () => {
      const counts = await store.countAttention().catch(() => null);
      for (const kind of attentionKinds) gauge.set({ kind }, counts === null ? Number.NaN : counts[kind]);
    },
  });
}
