import type { RefundRef } from './activities';
import type { OrderStatus } from './statuses';

/** Kinds of anomalies, by the comparison that finds them. Metrics, logs and the runbook use these names. */
export const anomalyKinds = {
  /** Found by comparing the gateway's ledger with the orders. */
  ledger: [
    'captured_for_cancelled_order',
    'capture_without_order',
    'paid_without_capture',
    'payment_not_noticed',
    'unknown_at_gateway',
    'wrong_amount_captured',
  ],
  /** Found by comparing unfinished orders and pending refunds with their runs. */
  orders: [
    'hold_without_run',
    'paid_without_dispatch',
    'refund_overdue',
    'run_stalled',
    'run_without_order',
    'run_after_end',
  ],
  /** Found by comparing inventory, stock movements and orders. */
  stock: ['stock_mismatch', 'cancelled_hold_not_released', 'hold_mismatch'],
} as const;

export type ComparisonName = keyof typeof anomalyKinds;
export type AnomalyKind = (typeof anomalyKinds)[ComparisonName][number];

/** How the reconciler repairs an anomaly. A repair that is made twice has the same effect as a single one. */
export type Repair =
  /**
   * Make a refund that Postgres records as pending, or refund the money that the gateway keeps for a cancelled order.
   */
  | ({ action: 'refund'; orderStatus: OrderStatus } & RefundRef)
  /** Send the payment signal that the api would have sent if the webhook had arrived. */
  | { action: 'signal_paid'; idempotencyKey: string; orderId: string }
  /** Start a checkout run that continues the order from Postgres. */
  | { action: 'resume_checkout'; idempotencyKey: string; orderId: string }
  /** Start the dispatch, which continues from the progress in Postgres. */
  | { action: 'dispatch'; orderId: string }
  /** Terminate a checkout run that workers cannot replay, and start another run that continues its order. */
  | ({ action: 'replace'; idempotencyKey: string; orderId: string } & RunRef);

/** A single run of a workflow id. */
export interface RunRef {
  workflowId: string;
  runId: string;
}

/**
 * A contradiction or a delay that a comparison has found, with the ids that an engineer needs to investigate it.
 * Contains no personal data.
 */
export interface Anomaly {
  kind: AnomalyKind;
  /** The facts, in one or two sentences. */
  detail: string;
  orderId?: string;
  paymentId?: string;
  productId?: number;
  workflowId?: string;
  /** Null if the reconciler makes no repair, usually because a person must decide what to do. */
  repair: Repair | null;
}

export interface Comparison<Mark> {
  /** Contains at most 100 anomalies of each kind. */
  anomalies: Anomaly[];
  /** How many anomalies of each kind the comparison found. If a kind is missing, the comparison found none. */
  found: Partial<Record<AnomalyKind, number>>;
  /** Where the next comparison begins. */
  mark: Mark;
}

/**
 * The next comparison covers the payments in `paymentIds`, and every payment that has changed since shortly before
 * `comparedAt`.
 */
export interface LedgerMark {
  /** The time until which the comparison covered all changes, by the database's clock, ISO 8601. */
  comparedAt: string;
  /** The payments that had an anomaly. */
  paymentIds: string[];
  /**
   * The `compared_at` in Postgres at the end of the comparison. If the next comparison reads an earlier time from
   * Postgres, a backup was restored in the meantime.
   */
  recordedAt: string | null;
}

export interface OrdersMark {
  /** The start of the comparison, by the database's clock, ISO 8601. */
  comparedAt: string;
  /**
   * The next comparison covers the open runs that started before this time. Null if the next comparison covers the runs
   * that have been open for more than ten grace periods, newest first.
   */
  openBefore: string | null;
}

/**
 * A comparison audits only a slice of the orders. The next comparison audits the slice that follows, and also the
 * orders that had an anomaly in this comparison.
 */
export interface StockMark {
  /** The `sequence` of the slice's last order. 0 if the next comparison begins again with the oldest orders. */
  auditedUntil: number;
  /** The orders that had an anomaly. */
  orderIds: string[];
}

export interface CompareInput<Mark> {
  /**
   * The grace period in milliseconds: how long a run may take before the reconciler reports that its work is missing.
   * `compareLedger` skips a payment if the payment or its order has changed within the grace period. `compareStock`
   * ignores the value. In `compareOrders`, the grace period begins:
   * - for a PAID order with its last change,
   * - for a PENDING order with the end of its payment window, or with the failure of its run,
   * - for a refund with its request.
   *
   * If the run of the order or the refund is open, `compareOrders` waits for ten grace periods.
   */
  graceMs: number;
  /** Null for the first comparison. */
  mark: Mark | null;
}
