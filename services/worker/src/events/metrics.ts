import type { EventResult, Store } from '@widget-store/db';
import { Counter, type Registry } from '@widget-store/runtime';
import { measure } from '../metrics';

const outcomes: EventResult['outcome'][] = ['delivered', 'refused', 'gone'];

/**
 * Registers the metrics of outgoing events. Each scrape queries Postgres.
 *
 * @returns a function that counts an attempt
 */
export function measureEvents(
  store: Pick<Store, 'readEventBacklog'>,
  registry: Registry,
): (outcome: EventResult['outcome']) => void {
  measure(registry, {
    name: 'widget_store_outgoing_events_waiting',
    help: 'Outgoing events that the receiver has not accepted, except those that have failed; at most 10000.',
    read: async () => (await store.readEventBacklog()).waiting,
  });
  measure(registry, {
    name: 'widget_store_outgoing_events_oldest_age_seconds',
    help: 'Age of the oldest waiting outgoing event; 0 if none waits.',
    read: async () => (await store.readEventBacklog()).oldestAgeSeconds,
  });
  const attempts = new Counter({
    name: 'widget_store_outgoing_event_attempts_total',
    help: 'Attempts to send an outgoing event, by outcome.',
    labelNames: ['outcome'] as const,
    registers: [registry],
  });
  for (const outcome of outcomes) attempts.inc({ outcome }, 0);
  return (outcome) => attempts.inc({ outcome });
}
