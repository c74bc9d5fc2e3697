import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@widget-store/runtime';
import { backoffMs } from './backoff';
import { limitConcurrency } from './limitConcurrency';
import type { Ledger } from './ledger';
import type { Delivery } from './ledgerState';
import type { Attempt, SendWebhook } from './webhooks';

export interface DelivererOptions {
  ledger: Pick<Ledger, 'onDelivery' | 'endDelivery'>;
  send: SendWebhook;
  log: Logger;
}

export interface Deliverer {
  /** Interrupts what is being sent; the ledger keeps it for the next start. */
  stop(): Promise<void>;
}

const giveUpAfterMs = 3 * 24 * 60 * 60_000;
const mostAtOnce = 50;

/** Brings every delivery of the ledger to its receiver, those of an earlier process included. */
export function startDeliverer({ ledger, send, log }: DelivererOptions): Deliverer {
  const stopped = new AbortController();
  const running = new Set<Promise<void>>();
  const firstAttempts = new Map<string, Promise<unknown>>();
  const limited = limitConcurrency(mostAtOnce);

  const attempt = async ({ event, deliveryId }: Delivery, failures: number): Promise<Attempt> => {
    const made = await limited(() => send(event, stopped.signal));
    if (!stopped.signal.aborted) {
      // A receiver that is away for an hour is worth a line, not hundreds.
      const level = made.delivered || failures === 0 ? 'info' : 'debug';
      const { eventId, paymentId } = event;
      log[level]({ paymentId, eventId, deliveryId, failures, result: made.result }, sentence(made));
    }
    return made;
  };
  const end = async (delivery: Delivery, delivered: boolean): Promise<void> => {
    await ledger.endDelivery({ deliveryId: delivery.deliveryId, delivered });
  };
  const retry = async (delivery: Delivery, first: Attempt): Promise<void> => {
    let last = first;
    for (let failures = 1; !last.delivered; failures += 1) {
      if (Date.now() > Date.parse(delivery.queuedAt) + giveUpAfterMs) {
        log.error({ paymentId: delivery.event.paymentId, eventId: delivery.event.eventId }, 'gave up on a webhook');
        return end(delivery, false);
      }
      const waitMs = backoffMs(failures, { ...patience(last), random: Math.random() });
      await delay(waitMs, undefined, { signal: stopped.signal });
      last = await attempt(delivery, failures);
    }
    return end(delivery, true);
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
      // Interrupted, or the disk takes no more, which ends the process: the delivery is still in the ledger.
      log.debug({ err: error }, 'a delivery is left for the next start');
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

function patience({ retryAfterMs }: Attempt): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

function sentence({ delivered }: Attempt): string {
  return delivered ? 'a webhook is delivered' : 'a webhook is to be sent again';
}
