/** What can be wrong, by the comparison that finds it. Metrics, logs and the runbook use these names. */
export const anomalyKinds = {
  /** The gateway's ledger against the orders. */
  ledger: [
    'captured_for_cancelled_order',
    'capture_without_order',
    'paid_without_capture',
    'payment_not_noticed',
    'refund_not_shown',
    'wrong_amount_captured',
  ],
  /** Orders that are not over against the open runs, and the other way round. */
  orders: [
    'hold_without_run',
    'paid_without_dispatch',
    'refund_overdue',
    'run_stalled',
    'run_without_order',
    'run_after_end',
  ],
  /** Inventory against the stock movements, and those against the orders. */
  stock: ['stock_mismatch', 'cancelled_hold_not_released', 'hold_mismatch'],
} as const;

export type ComparisonName = keyof typeof anomalyKinds;
export type AnomalyKind = (typeof anomalyKinds)[ComparisonName][number];

/** The one safe thing to do about an anomaly. Each is a run that may be started twice, or a signal that may be sent twice. */
export type Repair =
  /** Ask the gateway what it keeps, and give it back. */
  | { action: 'refund'; orderId: string; paymentId: string }
  /** Tell the checkout that its payment was made, as the lost webhook would have. */
  | { action: 'tell_paid'; idempotencyKey: string; orderId: string }
  /** Start a checkout run that takes the order over from Postgres. */
  | { action: 'take_over'; idempotencyKey: string; orderId: string }
  /** Start the dispatch, which goes on where the row stands. */
  | { action: 'dispatch'; orderId: string }
  /** End a checkout run that no worker can go on with, and start one that takes its order over. */
  | ({ action: 'replace'; idempotencyKey: string; orderId: string } & RunRef);

/** One run, not a later one of its id. */
export interface RunRef {
  workflowId: string;
  runId: string;
}

/** One thing that does not fit, with all that an engineer needs to find it; no personal data. */
export interface Anomaly {
  kind: AnomalyKind;
  /** One sentence with the facts. */
  detail: string;
  orderId?: string;
  paymentId?: string;
  productId?: number;
  workflowId?: string;
  /** Null when a person has to decide. */
  repair: Repair | null;
}

/** What one comparison has found. */
export interface Comparison<Mark> {
  /** At most 100 of each kind. */
  anomalies: Anomaly[];
  /** How many there are of each kind; a kind that is missing has none. */
  found: Partial<Record<AnomalyKind, number>>;
  /** Where the next comparison goes on. */
  mark: Mark;
}

/** The payments that changed since then are looked at again, with some overlap, and those that did not fit. */
export interface LedgerMark {
  /** By the database's clock, ISO 8601. */
  comparedAt: string;
  paymentIds: string[];
  /** What the database had noted then; one that has less noted was restored. */
  notedAt: string | null;
}

export interface OrdersMark {
  /** By the database's clock, ISO 8601. */
  comparedAt: string;
  /** The look at the open runs goes round, too: the next one begins with those started before then; null with the newest. */
  openBefore: string | null;
}

/** The audit of all orders goes round: a slice each time, and those again that did not fit. */
export interface StockMark {
  /** `sequence` of the last order of the slice; 0 when the round is over. */
  auditedUntil: number;
  orderIds: string[];
}

export interface CompareInput<Mark> {
  /**
   * Milliseconds that something must have been so before it counts: what is in flight is no anomaly. What somebody is still at
   * work on counts after ten times as long.
   */
  graceMs: number;
  /** Null when there was no comparison before. */
  mark: Mark | null;
}
