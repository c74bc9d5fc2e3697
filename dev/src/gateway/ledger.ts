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
  /** ISO 8601; leaves out payments whose last change is older. */
  updatedSince: string | undefined;
  /** Leaves out payments whose last change is not after this revision. */
  afterRevision: number;
  limit: number;
}

export interface LedgerOptions {
  directory: string;
  /** Hears that the disk takes no more. The process must end, because its memory is then ahead of the disk. */
  onFailure: (error: unknown) => void;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Opens the ledger of a directory, in the state at the end of its journal. */
export async function openLedger({ directory, onFailure, now = Date.now }: LedgerOptions): Promise<Ledger> {
  const journal = await openJournal({ directory, onFailure });
  try {
    return new Ledger(journal, now);
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** Payments, refunds and webhooks to deliver. Every answer, also a refusal, is on disk before a method returns it. */
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

  /** Opens a payment, or finds the one with this id. */
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

  /** In the order of the last change. */
  list(page: PageRequest): Promise<{ payments: Payment[]; hasMore: boolean }> {
    return this.answer(() => pageOf(this.state.payments.values(), page));
  }

  /** Sets the outcome of an open payment and queues its webhook. A settled payment stays as it is. */
  settle({ paymentId, outcome }: { paymentId: string; outcome: Outcome }): Promise<Payment> {
    return this.answer(() => {
      if (this.known(paymentId).outcome === undefined) {
        this.write({ kind: 'payment_settled', at: this.at(), paymentId, outcome, eventId: randomId('evt') });
      }
      return this.known(paymentId);
    });
  }

  /** Makes one refund for each key. */
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

  /** Queues the webhook of a settled payment once more. */
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
   * Hands over each delivery that is left from an earlier process, and then each new one as soon as it is on disk. Call it once,
   * before anything is settled.
   */
  onDelivery(listener: (delivery: Delivery) => void): void {
    this.listener = listener;
    for (const delivery of this.state.deliveries.values()) listener(delivery);
  }

  /** Rejects when the disk takes no more. */
  ready(): Promise<void> {
    return this.journal.synced();
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  /** Decides without a pause, so that no other call comes in between, and answers when the disk has what the answer rests on. */
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

  /** Never earlier than the last record, so that the order of times is the order of changes even if the clock jumps. */
  private at(): string {
    return new Date(Math.max(this.now(), Date.parse(this.state.lastAt))).toISOString();
  }

  private known(paymentId: string): Payment {
    const payment = this.state.payments.get(paymentId);
    if (!payment) throw new Problem('payment_unknown', 'There is no such payment.');
    return payment;
  }
}

/** @throws Problem when the refund is neither possible now nor was made before */
function earlierRefund(payment: Payment, { idempotencyKey, amountMinor }: RefundRequest): Refund | undefined {
  const earlier = payment.refunds.find((refund) => refund.idempotencyKey === idempotencyKey);
  if (earlier && earlier.amountMinor !== amountMinor) {
    throw new Problem('refund_mismatch', 'The idempotency key was used for a refund of another amount.');
  }
  if (!earlier && amountMinor > payment.capturedMinor - payment.refundedMinor) {
    throw new Problem('refund_too_large', 'The refund is more than what was captured and not refunded yet.');
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
