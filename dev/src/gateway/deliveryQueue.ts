import type { Behaviour } from './records';

interface EventFacts {
  /** The `webhook-id`, the same for every copy and every attempt. */
  eventId: string;
  paymentId: string;
  occurredAt: string;
}

/** The content of the webhook of a settled payment. */
export interface SettlementEvent extends EventFacts {
  status: 'paid' | 'failed';
  amountMinor: number;
  currency: string;
  traceparent?: string | undefined;
}

/**
 * The content of a webhook about a change after the settlement. Of the payment, the webhook contains only the id, so
 * the receiver asks the gateway for the rest.
 */
export interface ChangeEvent extends EventFacts {
  type: 'refund.created' | 'refund.updated' | 'refund.failed' | 'dispute.created' | 'dispute.closed';
}

export type PaymentEvent = SettlementEvent | ChangeEvent;

/** One copy of a webhook to send. */
export interface Delivery {
  deliveryId: string;
  event: PaymentEvent;
  queuedAt: string;
  /** The earliest time to send the webhook. */
  dueAt: string;
  /** Id of the delivery whose first attempt must end before this delivery is sent. */
  after: string | undefined;
}

export interface DeliveryQueue {
  /**
   * The copies to send, in the order in which they were queued. A copy is removed when the receiver has accepted it or
   * the gateway gives up.
   */
  deliveries: Map<string, Delivery>;
  /** The copies of a webhook that waits until the next webhook is queued. Empty unless `behaviour.reverse` is true. */
  held: Delivery[];
  behaviour: Behaviour;
  revision: number;
  lastAt: string;
}

/** @returns the new deliveries, in the order of their first attempts */
export function queueEvent(queue: DeliveryQueue, event: PaymentEvent): Delivery[] {
  const { duplicates, delayMs, lose, reverse } = queue.behaviour;
  const dueAt = new Date(Date.parse(queue.lastAt) + delayMs).toISOString();
  const copies = Array.from({ length: lose ? 0 : 1 + duplicates }, (_, index) => ({
    deliveryId: `${event.eventId}/${queue.revision}/${index}`,
    event,
    queuedAt: queue.lastAt,
    dueAt,
    after: undefined,
  }));
  // Because of `lose`, this webhook is not sent. A webhook in `held` keeps waiting for the next one.
  if (copies.length === 0) return [];
  if (!reverse || queue.held.length > 0) return releaseHeld(queue, copies);
  queue.held = copies;
  return [];
}

/** Queues the newer copies first, and then the copies that `held` contains. */
export function releaseHeld(queue: DeliveryQueue, newer: Delivery[]): Delivery[] {
  const released = [...newer, ...queue.held.map((older) => ({ ...older, after: newer[0]?.deliveryId }))];
  queue.held = [];
  for (const delivery of released) queue.deliveries.set(delivery.deliveryId, delivery);
  return released;
}
