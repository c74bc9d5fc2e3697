import type { LedgerChanges, Store } from '@widget-store/db';
import type { Anomaly, Comparison, ComparisonName, EndedRun, RejectionType, RunRef } from '@widget-store/contract';
import type { PaymentGateway } from '../gateway';

/** The runs of the worker's task queue in Temporal. The results of `listOpen` and `listFailed` can be outdated. */
export interface Runs {
  /** Whether the workflow id has an open run. The answer is never outdated, because it does not come from a list. */
  isOpen(workflowId: string): Promise<boolean>;
  /** Lists the open checkout and dispatch runs, newest first. */
  listOpen(range: { startedBefore: string; limit: number }): Promise<OpenRun[]>;
  /** Lists the workflow ids of checkout runs that have failed or timed out, or were terminated or cancelled. */
  listFailed(range: { closedAfter: string; closedBefore: string; limit: number }): Promise<string[]>;
  /** @returns the id of the open run if workers already failed to replay it before `failedBefore`; otherwise null */
  findStalled(workflowId: string, range: { failedBefore: string }): Promise<string | null>;
  /** Terminates a run that workers cannot replay. A second call returns the same result. */
  endStalled(run: RunRef): Promise<EndedRun>;
}

export interface OpenRun {
  workflowId: string;
  /** ISO 8601. */
  startedAt: string;
}

/** Reports to operators by metrics and logs. */
export interface Monitor {
  reportComparison(name: ComparisonName, result: Pick<Comparison<never>, 'anomalies' | 'found'>): void;
  reportRepairs(anomalies: Anomaly[]): void;
  /**
   * Counts refunds that the gateway has made, each at most once. If the worker crashes after it has recorded a refund
   * and before it counts the refund, the refund is never counted.
   */
  countChanges(changes: LedgerChanges): void;
  /** Counts a failed attempt of a step that cannot succeed before a person acts. */
  countRejection(type: RejectionType): void;
}

export interface ReconcileDeps {
  store: Store;
  gateway: PaymentGateway;
  runs: Runs;
  monitor: Monitor;
}
