import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs, type Logger } from '@widget-store/runtime';
import { limitConcurrency } from './limitConcurrency';
import type { Ledger } from './ledger';
import type { Delivery } from './deliveryQueue';
import type { Attempt, SendWebhook } from './webhooks';

export interface DelivererOptions {
  ledger: Pick<Ledger, 'onDelivery' | 'endDelivery'>;
  send: SendWebhook;
  log: Logger;
}

export interface Deliverer {
  /** Interrupts all deliveries. The ledger keeps the interrupted deliveries for the next start. */
  stop(): Promise<void>;
}

const giveUpAfterMs = 3 * 24 * 60 * 60_000;
const backoff = { firstMs: 200, longestMs: 30_000 };
const mostAtOnce = 50;

/**
 * Sends each delivery of the ledger until the receiver accepts it, or gives up after three days. Also sends the
 * deliveries that an earlier process left.
 */
export function startDeliverer({ ledger, send, log }: DelivererOptions): Deliverer {
  const stopped = new AbortController();
  const running = new Set<Promise<void>>();
  const firstAttempts = new Map<string, Promise<unknown>>();
  const limited = limitConcurrency(mostAtOnce);

  const attempt = async ({ event, deliveryId }: Delivery, failures: number): Promise<Attempt> => {
    const made = await limited(() => send(event, stopped.signal));
    if (!stopped.signal.aborted) {
      // Only the first failure of a delivery is logged at level info, so that a long outage of the receiver does not
      // fill the log.
      const level = made.delivered || failures === 0 ? 'info' : 'debug';
      const { eventId, paymentId } = event;
      const message = made.delivered ? 'a webhook is delivered' : 'a webhook was not accepted and will be sent again';
      log[level]({ paymentId, eventId, deliveryId, failures, result: made.result }, message);
    }
    return made;
  };
  const retry = async (delivery: Delivery, first: Attempt): Promise<void> => {
    const { deliveryId, event, queuedAt } = delivery;
    let last = first;
    for (let failures = 1; !last.delivered; failures += 1) {
      if (Date.now() > Date.parse(queuedAt) + giveUpAfterMs) {
        log.error({ paymentId: event.paymentId, eventId: event.eventId }, 'the gateway gave up on a webhook');
        return ledger.endDelivery({ deliveryId, delivered: false });
      }
      const waitMs = backoffMs(failures, { ...backoff, retryAfterMs: last.retryAfterMs, random: Math.random() });
      await delay(waitMs, undefined, { signal: stopped.signal });
      last = await attempt(delivery, failures);
    }
    return ledger.endDelivery({ deliveryId, delivered: true });
  };
  const firstAttempt = async (delivery: Delivery): Promise<Attempt> => {
    await delay(Math.max(0, Date.parse(delivery.dueAt) - Date.now()), undefined, { signal: stopped.signal });
    if (delivery.after !== undefined) await firstAttempts.get(delivery.after);
    return attempt(delivery, 0);
  };
  const deliver = async (delivery: Delivery): Promise<void> => {
    const first = firstAttempt(delivery);
    firstAttempts.set(delivery.deliveryId, first);
    try {
      await retry(delivery, await first);
    } catch (error) {
      // The delivery was interrupted, or the ledger cannot be written and the process ends. In both cases, the ledger
      // still has the delivery.
      log.debug({ err: error }, 'the next start will send this webhook');
    } finally {
      firstAttempts.delete(delivery.deliveryId);
    }
  };

  ledger.onDelivery((delivery) => {
    const delivering = deliver(delivery).finally(() => running.delete(delivering));
    running.add(delivering);
  });
  return {
    stop: async () => {
      stopped.abort();
      await Promise.all(running);
    },
  };
}
