import { type Behaviour, defaultBehaviour, type LedgerRecord, type Outcome } from './records';

export interface Refund {
  refundId: string;
  idempotencyKey: string;
  amountMinor: number;
  /** A time in ISO 8601, like every time in this file. */
  createdAt: string;
}

export interface Payment {
  paymentId: string;
  amountMinor: number;
  currency: string;
  /** Address that the shopper goes to after the payment page. */
  returnUrl: string;
  /**
   * Trace of the request that opened the payment (W3C Trace Context). The webhook of the payment continues this trace.
   */
  traceparent?: string | undefined;
  /** Undefined while the payment is open. */
  outcome: Outcome | undefined;
  capturedMinor: number;
  refundedMinor: number;
  refunds: Refund[];
  /** The event of the settlement; undefined while the payment is open. */
  event: PaymentEvent | undefined;
  updatedAt: string;
  /** A number that grows with every change of any payment. It orders payments whose times are equal. */
  revision: number;
}

/** The content of a webhook. */
export interface PaymentEvent {
  /** The `webhook-id`, the same for every copy and every attempt. */
  eventId: string;
  paymentId: string;
  status: 'paid' | 'failed';
  amountMinor: number;
  currency: string;
  occurredAt: string;
  traceparent?: string | undefined;
}

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

/**
 * The state that follows from all records of the journal. Payments and deliveries are replaced and never changed, so
 * callers may keep them.
 */
export interface LedgerState {
  /** The payments in the order of their last change. */
  payments: Map<string, Payment>;
  /** Webhooks to send, in the order of their first attempts. A webhook is removed when it is delivered or given up. */
  deliveries: Map<string, Delivery>;
  /** The copies of the webhook that waits for a newer one. Empty unless webhooks are reversed. */
  held: Delivery[];
  behaviour: Behaviour;
  revision: number;
  lastAt: string;
}

export function emptyState(): LedgerState {
  return {
    payments: new Map(),
    deliveries: new Map(),
    held: [],
    behaviour: defaultBehaviour,
    revision: 0,
    lastAt: new Date(0).toISOString(),
  };
}

/**
 * Applies one record to the state. The result depends only on the state and the record, so a journal always gives the
 * same state.
 *
 * @returns the new deliveries, in the order of their first attempts
 */
export function applyRecord(state: LedgerState, record: LedgerRecord): Delivery[] {
  state.revision += 1;
  state.lastAt = record.at;
  switch (record.kind) {
    case 'payment_opened': {
      const { paymentId, amountMinor, currency, returnUrl, traceparent } = record;
      const untouched = { outcome: undefined, capturedMinor: 0, refundedMinor: 0, refunds: [], event: undefined };
      put(state, { paymentId, amountMinor, currency, returnUrl, traceparent, ...untouched });
      return [];
    }
    case 'payment_settled': {
      const payment = known(state, record.paymentId);
      const { paymentId, amountMinor, currency, traceparent } = payment;
      const isPaid = record.outcome === 'paid';
      const status = isPaid ? 'paid' : 'failed';
      const event = {
        eventId: record.eventId,
        paymentId,
        status,
        amountMinor,
        currency,
        occurredAt: record.at,
        traceparent,
      } as const;
      put(state, { ...payment, outcome: record.outcome, capturedMinor: isPaid ? amountMinor : 0, event });
      return queue(state, event);
    }
    case 'event_resent': {
      const { event } = known(state, record.paymentId);
      return event ? queue(state, event) : [];
    }
    case 'payment_refunded': {
      const payment = known(state, record.paymentId);
      const { refundId, idempotencyKey, amountMinor, at: createdAt } = record;
      const refunds = [...payment.refunds, { refundId, idempotencyKey, amountMinor, createdAt }];
      put(state, { ...payment, refunds, refundedMinor: payment.refundedMinor + amountMinor });
      return [];
    }
    case 'delivery_ended':
      state.deliveries.delete(record.deliveryId);
      return [];
    case 'behaviour_set':
      state.behaviour = record.behaviour;
      // The waiting webhook is sent now, because a newer webhook may never come.
      return record.behaviour.reverse ? [] : release(state, []);
    default:
      return record satisfies never;
  }
}

/** Keeps the map in the order of the last change. */
function put(state: LedgerState, payment: Omit<Payment, 'updatedAt' | 'revision'>): void {
  state.payments.delete(payment.paymentId);
  state.payments.set(payment.paymentId, { ...payment, updatedAt: state.lastAt, revision: state.revision });
}

function known(state: LedgerState, paymentId: string): Payment {
  const payment = state.payments.get(paymentId);
  if (!payment) throw new Error(`the gateway's journal changes payment ${paymentId} before opening it`);
  return payment;
}

function queue(state: LedgerState, event: PaymentEvent): Delivery[] {
  const { duplicates, delayMs, lose, reverse } = state.behaviour;
  const dueAt = new Date(Date.parse(state.lastAt) + delayMs).toISOString();
  const copies = Array.from({ length: lose ? 0 : 1 + duplicates }, (_, index) => ({
    deliveryId: `${event.eventId}/${state.revision}/${index}`,
    event,
    queuedAt: state.lastAt,
    dueAt,
    after: undefined,
  }));
  // A lost webhook is not sent, so a waiting webhook still waits for the next one.
  if (copies.length === 0) return [];
  if (!reverse || state.held.length > 0) return release(state, copies);
  state.held = copies;
  return [];
}

/** Queues the newer copies first, and then the copies that waited for them. */
function release(state: LedgerState, newer: Delivery[]): Delivery[] {
  const released = [...newer, ...state.held.map((older) => ({ ...older, after: newer[0]?.deliveryId }))];
  state.held = [];
  for (const delivery of released) state.deliveries.set(delivery.deliveryId, delivery);
  return released;
}
