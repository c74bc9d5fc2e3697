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
import { type Behaviour, type LedgerRecord, type Outcome, parseRecords } from './records';

type LedgerErrorCode = 'payment_unknown' | 'payment_mismatch' | 'payment_open' | 'refund_mismatch' | 'refund_too_large';

/** The ledger refuses; its message is written for the client. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

type PaymentRequest = Pick<Payment, 'paymentId' | 'amountMinor' | 'currency' | 'returnUrl' | 'traceparent'>;

interface RefundRequest {
  paymentId: string;
  idempotencyKey: string;
  amountMinor: number;
}

interface PageRequest {
  /** ISO 8601; payments whose last change is older are left out. */
  updatedSince: string | undefined;
  /** Payments changed after this revision. */
  afterRevision: number;
  limit: number;
}

/** Charges, refunds and webhooks still to be delivered. Every answer, a refusal included, is on disk before it is given. */
export interface Ledger {
  /** Opens a payment, or finds the one that has this id already. */
  open(request: PaymentRequest): Promise<Payment>;
  find(paymentId: string): Promise<Payment | undefined>;
  /** In the order of the last change. */
  list(page: PageRequest): Promise<{ payments: Payment[]; hasMore: boolean }>;
  /** The first outcome stays; a later one changes nothing and answers with what is. Queues the webhook. */
  settle(settlement: { paymentId: string; outcome: Outcome }): Promise<Payment>;
  /** One refund a key. */
  refund(request: RefundRequest): Promise<Refund>;
  /** Queues the webhook of a settled payment once more. */
  sendAgain(paymentId: string): Promise<PaymentEvent>;
  behave(behaviour: Behaviour): Promise<void>;
  endDelivery(end: { deliveryId: string; delivered: boolean }): Promise<void>;
  /**
   * Tells of each delivery that is still to be made, and from then on of each new one, once it is on disk. To be called
   * once, before anything is settled.
   */
  onDelivery(listener: (delivery: Delivery) => void): void;
  /** Rejects when the disk takes no more. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerOptions {
  directory: string;
  /** Is told when the disk takes no more. The process must end: what it has in memory was never written. */
  onFailure: (error: unknown) => void;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Opens the ledger of a directory and brings it to where its journal ends. */
export async function openLedger({ directory, onFailure, now = Date.now }: LedgerOptions): Promise<Ledger> {
  const journal = await openJournal({ directory, onFailure });
  const state = await replay(journal);
  let listener: ((delivery: Delivery) => void) | undefined;

  /** Never earlier than the last record, so that the order of times is the order of changes although clocks jump. */
  const at = (): string => new Date(Math.max(now(), Date.parse(state.lastAt))).toISOString();
  const write = (record: LedgerRecord): void => {
    const deliveries = applyRecord(state, record);
    journal.append(JSON.stringify(record));
    // A webhook must not tell of what a power cut may undo.
    if (deliveries.length > 0)
      journal.synced().then(() => deliveries.forEach((delivery) => listener?.(delivery)), ignore);
  };
  /** Decides at once, so that nothing comes in between, and answers when all that the answer rests on is on disk. */
  const answer = async <Answer>(decide: () => Answer): Promise<Answer> => {
    try {
      return decide();
    } finally {
      await journal.synced();
    }
  };
  const known = (paymentId: string): Payment => {
    const payment = state.payments.get(paymentId);
    if (!payment) throw new LedgerError('payment_unknown', 'There is no such payment.');
    return payment;
  };

  return {
    open: (request) =>
      answer(() => {
        const earlier = state.payments.get(request.paymentId);
        if (earlier) return sameOrRefuse(earlier, request);
        write({ kind: 'payment_opened', at: at(), ...request });
        return known(request.paymentId);
      }),
    find: (paymentId) => answer(() => state.payments.get(paymentId)),
    list: (page) => answer(() => pageOf(state.payments.values(), page)),
    settle: ({ paymentId, outcome }) =>
      answer(() => {
        if (known(paymentId).outcome === undefined) {
          write({ kind: 'payment_settled', at: at(), paymentId, outcome, eventId: randomId('evt') });
        }
        return known(paymentId);
      }),
    refund: (request) =>
      answer(() => {
        const earlier = earlierRefund(known(request.paymentId), request);
        if (earlier) return earlier;
        const refundId = randomId('re');
        const createdAt = at();
        write({ kind: 'payment_refunded', at: createdAt, refundId, ...request });
        const { idempotencyKey, amountMinor } = request;
        return { refundId, idempotencyKey, amountMinor, createdAt };
      }),
    sendAgain: (paymentId) =>
      answer(() => {
        const { event } = known(paymentId);
        if (!event) throw new LedgerError('payment_open', 'The payment is open: it has no webhook yet.');
        write({ kind: 'event_sent_again', at: at(), paymentId });
        return event;
      }),
    behave: (behaviour) => answer(() => write({ kind: 'behaviour_set', at: at(), behaviour })),
    endDelivery: (end) => answer(() => write({ kind: 'delivery_ended', at: at(), ...end })),
    onDelivery: (given) => {
      listener = given;
      inOrder([...state.deliveries.values()]).forEach((delivery) => given(delivery));
    },
    ready: () => journal.synced(),
    close: () => journal.close(),
  };
}

async function replay(journal: Journal): Promise<LedgerState> {
  const state = emptyState();
  try {
    for (const record of parseRecords(journal.lines)) applyRecord(state, record);
  } catch (error) {
    await journal.close();
    throw error;
  }
  return state;
}

function sameOrRefuse(earlier: Payment, { amountMinor, currency }: PaymentRequest): Payment {
  if (earlier.amountMinor === amountMinor && earlier.currency === currency) return earlier;
  throw new LedgerError('payment_mismatch', 'The payment was opened with another amount or currency.');
}

/** @throws LedgerError when the refund can be made neither now nor was before */
function earlierRefund(payment: Payment, { idempotencyKey, amountMinor }: RefundRequest): Refund | undefined {
  const earlier = payment.refunds.find((refund) => refund.idempotencyKey === idempotencyKey);
  if (earlier && earlier.amountMinor !== amountMinor) {
    throw new LedgerError('refund_mismatch', 'The idempotency key was used for a refund of another amount.');
  }
  if (!earlier && amountMinor > payment.capturedMinor - payment.refundedMinor) {
    throw new LedgerError('refund_too_large', 'The refund is more than what was captured and not refunded yet.');
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

/** One that another waits for must be known first. */
function inOrder(deliveries: Delivery[]): Delivery[] {
  return [
    ...deliveries.filter(({ after }) => after === undefined),
    ...deliveries.filter(({ after }) => after !== undefined),
  ];
}

function randomId(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString('hex')}`;
}

function ignore(): void {}
