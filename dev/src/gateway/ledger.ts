import { randomBytes } from 'node:crypto';
import type { Buyer } from './buyer';
import { type Journal, openJournal } from './journal';
import type { Delivery, SettlementEvent } from './deliveryQueue';
import { applyRecord, emptyState, type LedgerState } from './ledgerState';
import type { Dispute, LineItem, Payment, Refund } from './payment';
import {
  closesDispute,
  type DisputeEnd,
  disputeOf,
  type DisputeRequest,
  earlierDispute,
  earlierRefund,
  endsRefund,
  type RefundEnd,
  refundOf,
  type RefundRequest,
} from './paymentRules';
import { pageOf, type PageRequest } from './paymentsPage';
import { Problem } from './problem';
import { type Behaviour, type LedgerRecord, type Outcome, parseRecords, type RefundStatus } from './records';

type PaymentRequest = Pick<Payment, 'paymentId' | 'amountMinor' | 'currency' | 'returnUrl' | 'traceparent'> & {
  lineItems?: LineItem[] | undefined;
  expiresAt?: string | undefined;
  shippingCountries?: string[] | undefined;
};

interface Settlement {
  paymentId: string;
  outcome: Outcome;
  /** The name and address that the shopper has entered on the payment page. */
  buyer?: Buyer | undefined;
}

export interface LedgerOptions {
  directory: string;
  /**
   * Called when the journal cannot be written. The function must end the process, because the ledger then has changes
   * in memory that are not on disk.
   */
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
  settle({ paymentId, outcome, buyer }: Settlement): Promise<Payment> {
    return this.answer(() => {
      if (this.known(paymentId).outcome === undefined) {
        this.write({ kind: 'payment_settled', at: this.at(), paymentId, outcome, buyer, eventId: randomId('evt') });
      }
      return this.known(paymentId);
    });
  }

  /**
   * Makes a refund that the store asks for, at most one for each idempotency key. `setNextRefund` chooses its status.
   */
  refund(request: RefundRequest): Promise<Refund> {
    return this.answer(() => {
      const status = this.known(request.paymentId).nextRefund;
      return this.refundOnce({ ...request, madeBy: 'store', status });
    });
  }

  /** Makes a refund that the gateway's staff asks for, at most one for each idempotency key. */
  refundInDashboard(request: RefundRequest & { status: RefundStatus }): Promise<Refund> {
    return this.answer(() => this.refundOnce({ ...request, madeBy: 'dashboard' }));
  }

  /** Chooses the status of the next refund that the store asks for. Later refunds succeed again. */
  setNextRefund(choice: { paymentId: string; status: RefundStatus }): Promise<Payment> {
    return this.answer(() => {
      this.known(choice.paymentId);
      this.write({ kind: 'next_refund_set', at: this.at(), ...choice });
      return this.known(choice.paymentId);
    });
  }

  /** Makes a pending refund succeed or fail. Can also turn a succeeded refund into a failed one. */
  endRefund(end: RefundEnd): Promise<Refund> {
    return this.answer(() => {
      if (endsRefund(this.known(end.paymentId), end)) {
        this.write({ kind: 'refund_ended', at: this.at(), eventId: randomId('evt'), ...end });
      }
      return refundOf(this.known(end.paymentId), end.refundId);
    });
  }

  /** Opens at most one dispute for each idempotency key. */
  openDispute(request: DisputeRequest): Promise<Dispute> {
    return this.answer(() => {
      const earlier = earlierDispute(this.known(request.paymentId), request);
      if (earlier) return earlier;
      const ids = { disputeId: randomId('dp'), eventId: randomId('evt') };
      this.write({ kind: 'dispute_opened', at: this.at(), ...ids, ...request });
      return disputeOf(this.known(request.paymentId), ids.disputeId);
    });
  }

  /** Closes an open dispute. Does nothing if the dispute is already closed with this result. */
  closeDispute(end: DisputeEnd): Promise<Dispute> {
    return this.answer(() => {
      if (closesDispute(this.known(end.paymentId), end)) {
        this.write({ kind: 'dispute_closed', at: this.at(), eventId: randomId('evt'), ...end });
      }
      return disputeOf(this.known(end.paymentId), end.disputeId);
    });
  }

  /** Queues the webhook of a payment's settlement again. */
  resend(paymentId: string): Promise<SettlementEvent> {
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
   * Calls the listener with each delivery that an earlier process left, and then with each new delivery as soon as the
   * delivery is on disk. Call this method once, before any payment is settled.
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

  private refundOnce(request: RefundRequest & Pick<Refund, 'madeBy' | 'status'>): Refund {
    const { paymentId } = request;
    const earlier = earlierRefund(this.known(paymentId), request);
    if (earlier) return earlier;
    const ids = { refundId: randomId('re'), eventId: randomId('evt') };
    this.write({ kind: 'payment_refunded', at: this.at(), ...ids, ...request });
    return refundOf(this.known(paymentId), ids.refundId);
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
    // Sends the webhooks only after the record is on disk, because a power cut must not undo what they report.
    const deliver = (): void => deliveries.forEach((delivery) => this.listener(delivery));
    if (deliveries.length > 0) this.journal.synced().then(deliver, () => {});
  }

  /**
   * Returns the time for a new record. This time is never earlier than the time of the last record. Sorting by time
   * therefore gives the order of the changes, even if the clock jumps back.
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

function randomId(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString('hex')}`;
}
