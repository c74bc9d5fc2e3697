import { type ChangeEvent, type Delivery, type DeliveryQueue, queueEvent, releaseHeld } from './deliveryQueue';
import type { Dispute, Payment, Refund } from './payment';
import { defaultBehaviour, type LedgerRecord } from './records';

/**
 * The state that follows from all records of the journal. A change replaces the object of a payment or delivery and
 * does not modify it, so callers can keep these objects.
 */
export interface LedgerState extends DeliveryQueue {
  /** The payments in the order of their last change. */
  payments: Map<string, Payment>;
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
    case 'payment_opened':
      return open(state, record);
    case 'payment_settled':
      return settle(state, record);
    case 'event_resent': {
      const { event } = known(state, record.paymentId);
      return event ? queueEvent(state, event) : [];
    }
    case 'next_refund_set': {
      // The store does not see `nextRefund`, so the payment keeps its place in the list.
      const payment = known(state, record.paymentId);
      state.payments.set(payment.paymentId, { ...payment, nextRefund: record.status });
      return [];
    }
    case 'payment_refunded':
      return refund(state, record);
    case 'refund_ended':
      return endRefund(state, record);
    case 'dispute_opened': {
      const { disputeId, idempotencyKey, amountMinor, reason, at: createdAt } = record;
      const dispute: Dispute = { disputeId, idempotencyKey, amountMinor, reason, status: 'open', createdAt };
      const payment = known(state, record.paymentId);
      put(state, { ...payment, disputes: [...payment.disputes, dispute] });
      return report(state, record, 'dispute.created');
    }
    case 'dispute_closed': {
      const { disputeId, status } = record;
      const payment = known(state, record.paymentId);
      const disputes = payment.disputes.map((one) => (one.disputeId === disputeId ? { ...one, status } : one));
      put(state, { ...payment, disputes });
      return report(state, record, 'dispute.closed');
    }
    case 'delivery_ended':
      state.deliveries.delete(record.deliveryId);
      return [];
    case 'behaviour_set':
      state.behaviour = record.behaviour;
      // Without `reverse`, a waiting webhook is sent now, because a newer webhook may never come.
      return record.behaviour.reverse ? [] : releaseHeld(state, []);
    default:
      return record satisfies never;
  }
}

type RecordOf<Kind extends LedgerRecord['kind']> = Extract<LedgerRecord, { kind: Kind }>;

function open(state: LedgerState, record: RecordOf<'payment_opened'>): Delivery[] {
  const {
    paymentId,
    amountMinor,
    currency,
    lineItems = [],
    expiresAt,
    returnUrl,
    traceparent,
    shippingCountries = [],
  } = record;
  put(state, {
    paymentId,
    amountMinor,
    currency,
    lineItems,
    expiresAt,
    returnUrl,
    traceparent,
    shippingCountries,
    buyer: undefined,
    outcome: undefined,
    capturedMinor: 0,
    refundedMinor: 0,
    refunds: [],
    disputes: [],
    nextRefund: 'succeeded',
    event: undefined,
  });
  return [];
}

function settle(state: LedgerState, record: RecordOf<'payment_settled'>): Delivery[] {
  const { paymentId, outcome, eventId, at, buyer } = record;
  const payment = known(state, paymentId);
  const { amountMinor, currency, traceparent } = payment;
  const isPaid = outcome === 'paid';
  const status = isPaid ? 'paid' : 'failed';
  const event = { eventId, paymentId, status, amountMinor, currency, occurredAt: at, traceparent } as const;
  put(state, { ...payment, outcome, buyer, capturedMinor: isPaid ? amountMinor : 0, event });
  return queueEvent(state, event);
}

function refund(state: LedgerState, record: RecordOf<'payment_refunded'>): Delivery[] {
  const payment = known(state, record.paymentId);
  const { refundId, madeBy, idempotencyKey, amountMinor, status, at: createdAt } = record;
  const refunds = [...payment.refunds, { refundId, madeBy, idempotencyKey, amountMinor, status, createdAt }];
  const nextRefund = madeBy === 'store' ? 'succeeded' : payment.nextRefund;
  putRefunds(state, { ...payment, nextRefund }, refunds);
  return report(state, record, 'refund.created');
}

function endRefund(state: LedgerState, record: RecordOf<'refund_ended'>): Delivery[] {
  const payment = known(state, record.paymentId);
  const { refundId, status } = record;
  const refunds = payment.refunds.map((one) => (one.refundId === refundId ? { ...one, status } : one));
  putRefunds(state, payment, refunds);
  return report(state, record, status === 'failed' ? 'refund.failed' : 'refund.updated');
}

function putRefunds(state: LedgerState, payment: Payment, refunds: Refund[]): void {
  const kept = refunds.filter(({ status }) => status !== 'failed');
  put(state, { ...payment, refunds, refundedMinor: kept.reduce((sum, { amountMinor }) => sum + amountMinor, 0) });
}

/** Stores the payment at the end of the map, because the payments are in the order of their last change. */
function put(state: LedgerState, payment: Omit<Payment, 'updatedAt' | 'revision'>): void {
  state.payments.delete(payment.paymentId);
  state.payments.set(payment.paymentId, { ...payment, updatedAt: state.lastAt, revision: state.revision });
}

/** Queues the webhook about a change that comes after the settlement. */
function report(
  state: LedgerState,
  { paymentId, eventId, at }: { paymentId: string; eventId: string; at: string },
  type: ChangeEvent['type'],
): Delivery[] {
  return queueEvent(state, { eventId, paymentId, type, occurredAt: at });
}

function known(state: LedgerState, paymentId: string): Payment {
  const payment = state.payments.get(paymentId);
  if (!payment) throw new Error(`the gateway's journal changes payment ${paymentId} before opening it`);
  return payment;
}
