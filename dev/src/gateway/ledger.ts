import { randomBytes } from 'node:crypto';
import { type Journal, openJournal } from './journal';
import {
  applyRecord,
  type Delivery,
  emptyState,
  type LedgerState,
  type Payment,
  type PaymentEvent,
  type Refund,
} from './ledgerState';
import { Problem } from './problem';
import { type Behaviour, type LedgerRecord, type Outcome, parseRecords } from './records';

type PaymentRequest = Pick<Payment, 'paymentId' | 'amountMinor' | 'currency' | 'returnUrl' | 'traceparent'>;

interface RefundRequest {
  paymentId: string;
  idempotencyKey: string;
  amountMinor: number;
}

interface PageRequest {
  /** A time in ISO 8601. Payments whose last change is older are left out. */
  updatedSince: string | undefined;
  /** Payments whose last change is not after this revision are left out. */
  afterRevision: number;
  limit: number;
}

export interface LedgerOptions {
  directory: string;
  /** Called when the journal cannot be written. The process must then end, because its memory is ahead of the disk. */
  onFailure: (error: unknown) => void;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Opens the ledger of a directory, and restores the ledger's state from its journal. */
export async function openLedger({ directory, onFailure, now = Date.now }: LedgerOptions): Promise<Ledger> {
  const journal = await openJournal({ directory, onFailure });
  try {
    return new Ledger(journal, now);
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/**
 * The payments, the refunds and the webhooks to deliver. A method returns an answer, even a refusal, only after
 * everything that the answer depends on is on disk.
 */
export class Ledger {
  private readonly journal: Journal;
  private readonly now: () => number;
  private readonly state: LedgerState = emptyState();
  private listener: (delivery: Delivery) => void = () => {};

  constructor(journal: Journal, now: () => number) {
    this.journal = journal;
    this.now = now;
    for (const record of parseRecords(journal.lines)) applyRecord(this.state, record);
  }

  /** Opens a payment, or returns the payment that already has this id. */
  open(request: PaymentRequest): Promise<Payment> {
    return this.answer(() => {
      const { paymentId, amountMinor, currency } = request;
      const earlier = this.state.payments.get(paymentId);
      if (earlier === undefined) this.write({ kind: 'payment_opened', at: this.at(), ...request });
      else if (earlier.amountMinor !== amountMinor || earlier.currency !== currency) {
        throw new Problem('payment_mismatch', 'The payment was opened with another amount or currency.');
      }
      return this.known(paymentId);
    });
  }

  find(paymentId: string): Promise<Payment | undefined> {
    return this.answer(() => this.state.payments.get(paymentId));
  }

  /** Lists payments in the order of their last change. */
  list(page: PageRequest): Promise<{ payments: Payment[]; hasMore: boolean }> {
    return this.answer(() => pageOf(this.state.payments.values(), page));
  }

  /** Sets the outcome of an open payment and queues its webhook. Does not change a settled payment. */
  settle({ paymentId, outcome }: { paymentId: string; outcome: Outcome }): Promise<Payment> {
    return this.answer(() => {
      if (this.known(paymentId).outcome === undefined) {
        this.write({ kind: 'payment_settled', at: this.at(), paymentId, outcome, eventId: randomId('evt') });
      }
      return this.known(paymentId);
    });
  }

  /** Makes at most one refund for each idempotency key. */
  refund(request: RefundRequest): Promise<Refund> {
    return this.answer(() => {
      const earlier = earlierRefund(this.known(request.paymentId), request);
      if (earlier) return earlier;
      const { idempotencyKey, amountMinor } = request;
      const refund = { refundId: randomId('re'), idempotencyKey, amountMinor, createdAt: this.at() };
      this.write({ kind: 'payment_refunded', at: refund.createdAt, refundId: refund.refundId, ...request });
      return refund;
    });
  }

  /** Queues the webhook of a settled payment again. */
  resend(paymentId: string): Promise<PaymentEvent> {
    return this.answer(() => {
      const { event } = this.known(paymentId);
      if (!event) throw new Problem('payment_open', 'The payment is open: it has no webhook yet.');
      this.write({ kind: 'event_resent', at: this.at(), paymentId });
      return event;
    });
  }

  setBehaviour(behaviour: Behaviour): Promise<void> {
    return this.answer(() => this.write({ kind: 'behaviour_set', at: this.at(), behaviour }));
  }

  endDelivery(end: { deliveryId: string; delivered: boolean }): Promise<void> {
    return this.answer(() => this.write({ kind: 'delivery_ended', at: this.at(), ...end }));
  }

  /**
   * Calls the listener with each delivery that an earlier process left, and then with each new delivery as soon as that
   * is on disk. Call this method once, before any payment is settled.
   */
  onDelivery(listener: (delivery: Delivery) => void): void {
    this.listener = listener;
    for (const delivery of this.state.deliveries.values()) listener(delivery);
  }

  /** Rejects if the journal can no longer be written. */
  ready(): Promise<void> {
    return this.journal.synced();
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  /**
   * Calls `decide` synchronously, so that no other call interferes. Answers only after everything that the answer
   * depends on is on disk.
   */
  private async answer<Answer>(decide: () => Answer): Promise<Answer> {
    try {
      return decide();
    } finally {
      await this.journal.synced();
    }
  }

  private write(record: LedgerRecord): void {
    const deliveries = applyRecord(this.state, record);
    this.journal.append(JSON.stringify(record));
    // A webhook must not report what a power cut may undo.
    const deliver = (): void => deliveries.forEach((delivery) => this.listener(delivery));
    if (deliveries.length > 0) this.journal.synced().then(deliver, () => {});
  }

  /**
   * Returns the time for a new record. It is never earlier than the last record's time. So times have the same order as
   * changes, even if the clock jumps back.
   */
  private at(): string {
    return new Date(Math.max(this.now(), Date.parse(this.state.lastAt))).toISOString();
  }

  private known(paymentId: string): Payment {
    const payment = this.state.payments.get(paymentId);
    if (!payment) throw new Problem('payment_unknown', 'There is no such payment.');
    return payment;
  }
}

/** @throws Problem if the refund was not made before and is not possible now */
function earlierRefund(payment: Payment, { idempotencyKey, amountMinor }: RefundRequest): Refund | undefined {
  const earlier = payment.refunds.find((refund) => refund.idempotencyKey === idempotencyKey);
  if (earlier && earlier.amountMinor !== amountMinor) {
    throw new Problem('refund_mismatch', 'The idempotency key was used for a refund of another amount.');
  }
  if (!earlier && amountMinor > payment.capturedMinor - payment.refundedMinor) {
    throw new Problem('refund_too_large', 'The refund exceeds the captured amount that is not yet refunded.');
  }
  return earlier;
}

function pageOf(payments: Iterable<Payment>, { updatedSince, afterRevision, limit }: PageRequest) {
  const page: Payment[] = [];
  const sinceMs = updatedSince === undefined ? 0 : Date.parse(updatedSince);
  for (const payment of payments) {
    if (payment.revision <= afterRevision || Date.parse(payment.updatedAt) < sinceMs) continue;
    if (page.length === limit) return { payments: page, hasMore: true };
    page.push(payment);
  }
  return { payments: page, hasMore: false };
}

function randomId(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString('hex')}`;
}
