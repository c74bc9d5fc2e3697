/** Kinds of anomalies, by the comparison that finds them. Metrics, logs and the runbook use these names. */
export const anomalyKinds = {
  /** The gateway's ledger and the orders. */
  ledger: [
    'captured_for_cancelled_order',
    'capture_without_order',
    'paid_without_capture',
    'payment_not_noticed',
    'refund_not_shown',
    'wrong_amount_captured',
  ],
  /** Unfinished orders and open runs. */
  orders: [
    'hold_without_run',
    'paid_without_dispatch',
    'refund_overdue',
    'run_stalled',
    'run_without_order',
    'run_after_end',
  ],
  /** Inventory, stock movements and orders. */
  stock: ['stock_mismatch', 'cancelled_hold_not_released', 'hold_mismatch'],
} as const;

export type ComparisonName = keyof typeof anomalyKinds;
export type AnomalyKind = (typeof anomalyKinds)[ComparisonName][number];

/** The safe repair of an anomaly. Each starts a run that may be started twice, or sends a signal that may be sent twice. */
export type Repair =
  /** Refund what the gateway keeps. */
  | { action: 'refund'; orderId: string; paymentId: string }
  /** Send the payment signal that the lost webhook would have sent. */
  | { action: 'signal_paid'; idempotencyKey: string; orderId: string }
  /** Start a checkout run that continues the order from Postgres. */
  | { action: 'resume_checkout'; idempotencyKey: string; orderId: string }
  /** Start the dispatch, which continues from the row. */
  | { action: 'dispatch'; orderId: string }
  /** End a checkout run that workers cannot replay, and start one that continues its order. */
  | ({ action: 'replace'; idempotencyKey: string; orderId: string } & RunRef);

/** A single run of a workflow id. */
export interface RunRef {
  workflowId: string;
  runId: string;
}

/** One thing that is wrong, with the ids that an engineer needs to find it. It has no personal data. */
export interface Anomaly {
  kind: AnomalyKind;
  /** One sentence with the facts. */
  detail: string;
  orderId?: string;
  paymentId?: string;
  productId?: number;
  workflowId?: string;
  /** Null when a person must decide. */
  repair: Repair | null;
}

/** The result of one comparison. */
export interface Comparison<Mark> {
  /** At most 100 of each kind. */
  anomalies: Anomaly[];
  /** How many anomalies of each kind it found; a missing kind has none. */
  found: Partial<Record<AnomalyKind, number>>;
  /** Where the next comparison begins. */
  mark: Mark;
}

/** The next comparison covers the payments that changed since `comparedAt`, with an overlap, and `paymentIds`. */
export interface LedgerMark {
  /** By the database's clock, ISO 8601. */
  comparedAt: string;
  /** Payments with an anomaly. */
  paymentIds: string[];
  /** The time that Postgres had recorded then. An earlier record means that Postgres was restored. */
  recordedAt: string | null;
}

export interface OrdersMark {
  /** By the database's clock, ISO 8601. */
  comparedAt: string;
  /** The next comparison covers open runs that started before; null to begin again with the newest. */
  openBefore: string | null;
}

/** Each comparison audits the next slice of all orders, and the orders that had an anomaly. */
export interface StockMark {
  /** `sequence` of the last order of the slice; 0 to begin again with the oldest. */
  auditedUntil: number;
  /** Orders with an anomaly. */
  orderIds: string[];
}

export interface CompareInput<Mark> {
  /** Milliseconds without a change before a difference counts, because work may be in flight. For open runs it is ten times as long. */
  graceMs: number;
  /** Null for the first comparison. */
  mark: Mark | null;
}
