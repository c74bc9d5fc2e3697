import type { Monitor, Runs } from '@widget-store/activities';
import type { Anomaly, AnomalyKind, RefundSource, RejectionType } from '@widget-store/contract';

/** A monitor that records its calls. */
export interface TestMonitor extends Monitor {
  anomalies: Anomaly[];
  repairs: Anomaly[];
  refunds: RefundSource[];
  rejections: RejectionType[];
  kindsOf(orderId: string): AnomalyKind[];
}

export function testMonitor(): TestMonitor {
  const anomalies: Anomaly[] = [];
  const repairs: Anomaly[] = [];
  const refunds: RefundSource[] = [];
  const rejections: RejectionType[] = [];
  return {
    anomalies,
    repairs,
    refunds,
    rejections,
    reportComparison: (_comparison, result) => void anomalies.push(...result.anomalies),
    reportRepairs: (repaired) => void repairs.push(...repaired),
    countChanges: ({ made }) => void refunds.push(...made),
    countRejection: (type) => void rejections.push(type),
    kindsOf: (orderId) => anomalies.filter((anomaly) => anomaly.orderId === orderId).map(({ kind }) => kind),
  };
}

/** The `Runs` of a Temporal server that has no runs. */
export const noRuns: Runs = {
  isOpen: () => Promise.resolve(false),
  listOpen: () => Promise.resolve([]),
  listFailed: () => Promise.resolve([]),
  findStalled: () => Promise.resolve(null),
  endStalled: () => Promise.resolve({ ended: false, payment: null }),
};
