import type { EventBacklog, EventResult, Store } from '@widget-store/db';
import { Counter, Gauge, type Registry } from '@widget-store/runtime';

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
  const registers = [registry];
  const measure = (name: string, help: string, read: (backlog: EventBacklog) => number): void => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: async () => gauge.set(await store.readEventBacklog().then(read, () => Number.NaN)),
    });
  };
  measure(
    'widget_store_outgoing_events_waiting',
    'Outgoing events that the receiver has not accepted, without those that failed; at most 10000.',
    ({ waiting }) => waiting,
  );
  measure(
    'widget_store_outgoing_events_oldest_age_seconds',
    'Age of the oldest waiting outgoing event; 0 if none waits.',
    ({ oldestAgeSeconds }) => oldestAgeSeconds,
  );
  const attempts = new Counter({
    name: 'widget_store_outgoing_event_attempts_total',
    help: 'Attempts to send an outgoing event, by outcome.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of outcomes) attempts.inc({ outcome }, 0);
  return (outcome) => attempts.inc({ outcome });
}
