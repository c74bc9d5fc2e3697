import type { Anomaly, Comparison } from '@widget-store/contract';

/** Of each kind, so that a bad day neither fills a history nor floods the log. The rest waits for the next comparison. */
export const mostOfAKind = 100;

export interface AnomalyList extends Pick<Comparison<never>, 'anomalies' | 'found'> {
  /** Counts it, and keeps it while there is room for its kind. */
  add: (anomaly: Anomaly | undefined) => void;
}

export function createAnomalyList(): AnomalyList {
  const anomalies: Anomaly[] = [];
  const found: AnomalyList['found'] = {};
  return {
    anomalies,
    found,
    add: (anomaly) => {
      if (anomaly === undefined) return;
      const count = (found[anomaly.kind] ?? 0) + 1;
      found[anomaly.kind] = count;
      if (count <= mostOfAKind) anomalies.push(anomaly);
    },
  };
}
