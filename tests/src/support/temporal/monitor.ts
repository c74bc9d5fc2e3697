import type { Monitor, Runs } from '@widget-store/activities';
import type { Anomaly, AnomalyKind, RefundCause } from '@widget-store/contract';

/** A monitor that remembers what it was told. */
export interface TestMonitor extends Monitor {
  anomalies: Anomaly[];
  repairs: Anomaly[];
  refunds: RefundCause[];
  /** Kinds of what was reported for an order. */
  kindsOf(orderId: string): AnomalyKind[];
}

export function testMonitor(): TestMonitor {
  const anomalies: Anomaly[] = [];
  const repairs: Anomaly[] = [];
  const refunds: RefundCause[] = [];
  return {
    anomalies,
    repairs,
    refunds,
    reportComparison: (_comparison, result) => void anomalies.push(...result.anomalies),
    reportRepairs: (repaired) => void repairs.push(...repaired),
    countRefund: (cause) => void refunds.push(cause),
    kindsOf: (orderId) => anomalies.filter((anomaly) => anomaly.orderId === orderId).map(({ kind }) => kind),
  };
}

/** Temporal as it looks when it has lost everything. */
export const noRuns: Runs = {
  isOpen: () => Promise.resolve(false),
  listOpen: () => Promise.resolve([]),
  listFailed: () => Promise.resolve([]),
  findStalled: () => Promise.resolve(null),
  endStalled: () => Promise.resolve({ ended: false, payment: null }),
};
