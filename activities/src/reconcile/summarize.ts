import type { Anomaly, Comparison } from '@widget-store/contract';

/** So that a bad day neither fills a history nor floods the log. The next comparison finds the rest. */
export const maxPerKind = 100;

/** Counts anomalies by kind, and keeps at most `maxPerKind` of each. */
export function summarize(all: Anomaly[]): Pick<Comparison<never>, 'anomalies' | 'found'> {
  const found: Comparison<never>['found'] = {};
  const anomalies = all.filter(({ kind }) => {
    const count = (found[kind] ?? 0) + 1;
    found[kind] = count;
    return count <= maxPerKind;
  });
  return { anomalies, found };
}
