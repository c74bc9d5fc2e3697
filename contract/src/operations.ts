import type { OrderStatus } from './statuses';
import type { OrderBody } from './wire';

/** What the api answers to the people who run the store. */

export interface OpsOrderBody extends OrderBody {
  idempotency_key: string;
}

/** How many orders have each status. */
export interface OrderCountsBody extends Record<OrderStatus, number> {
  /** DISPATCHED and CANCELLED are counted among this many of the newest orders; null when among all there are. */
  newest: number | null;
}

export const timelineSources = ['order', 'stock', 'payment', 'workflow'] as const;

/** One thing that happened to an order. */
export interface TimelineEntryBody {
  /** ISO 8601. */
  at: string;
  source: (typeof timelineSources)[number];
  /** What happened, in a few words. */
  title: string;
  /** Ids, amounts and causes; null when there is nothing to add. */
  detail: string | null;
  /** Of the run whose history has it; null for what Postgres has kept. */
  workflow_id: string | null;
}

/** `not_found`: Temporal has forgotten it, or it never was. `unavailable`: Temporal did not answer in time. */
export const runStates = ['open', 'completed', 'failed', 'not_found', 'unavailable'] as const;

/** A run that belongs to an order. */
export interface OrderRunBody {
  workflow_id: string;
  state: (typeof runStates)[number];
  /** The run's page in the Temporal Web UI; null when the api was not told where that is. */
  url: string | null;
}

export interface OrderReportBody {
  order: OpsOrderBody;
  /** Oldest first. What a run that is `not_found` or `unavailable` did is missing from it. */
  timeline: TimelineEntryBody[];
  runs: OrderRunBody[];
}

/** One thing that the reconciler found not to fit. */
export interface AnomalyBody {
  kind: string;
  detail: string;
  order_id: string | null;
  payment_id: string | null;
  workflow_id: string | null;
  /** What the reconciler does about it; null when a person has to decide. */
  repair: string | null;
}

/** What the reconciler's last run that ended well has found. */
export interface AnomaliesBody {
  /** When that run ended, ISO 8601; null when there was none yet. */
  checked_at: string | null;
  workflow_id: string | null;
  url: string | null;
  /** Comparisons that it could not make: of what they compare, nothing is known. */
  failed: string[];
  /** How many of each kind there are; the list below may be shorter. */
  found: Record<string, number>;
  anomalies: AnomalyBody[];
}
