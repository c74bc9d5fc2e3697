import type { Store } from '@widget-store/db';
import type { Anomaly, Comparison, ComparisonName, EndedRun, RefundCause, RunRef } from '@widget-store/contract';
import type { PaymentGateway } from '../gateway';

/** What the reconciler asks Temporal about the runs of this task queue. */
export interface Runs {
  /** Whether the id has an open run, asked of the run itself: Temporal's lists lag behind. */
  isOpen(workflowId: string): Promise<boolean>;
  /** Checkout and dispatch runs that were started before then and are open, as far as the list knows; the newest first. */
  listOpen(range: { startedBefore: string; limit: number }): Promise<OpenRun[]>;
  /** Ids of checkout runs that were terminated, failed or timed out in this time. */
  listBroken(range: { closedAfter: string; closedBefore: string; limit: number }): Promise<string[]>;
  /** The open run of the id, if its history has not fitted the code that workers run since then. @returns its run id */
  findStalled(workflowId: string, range: { failedBefore: string }): Promise<string | null>;
  /** Terminates a run whose history does not fit. Called twice, it answers the same. */
  endStalled(run: RunRef): Promise<EndedRun>;
}

export interface OpenRun {
  workflowId: string;
  /** ISO 8601. */
  startedAt: string;
}

/** Where those who run the store are told of what has happened: metrics and logs. */
export interface Monitor {
  found(comparison: ComparisonName, result: Pick<Comparison<never>, 'anomalies' | 'found'>): void;
  repaired(anomalies: Anomaly[]): void;
  /** Once for each refund; a repetition of the step that records it is none. */
  refunded(cause: RefundCause): void;
}

export interface ReconcileDeps {
  store: Store;
  gateway: PaymentGateway;
  runs: Runs;
  monitor: Monitor;
}
