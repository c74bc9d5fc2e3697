import type { Anomaly, Comparison } from '@widget-store/contract';

/** The limit keeps histories and logs small when there are many anomalies. A later comparison finds the rest. */
export const maxPerKind = 100;

/** Counts the anomalies of each kind, and keeps at most `maxPerKind` of each kind. */
export function summarize(all: Anomaly[]): Pick<Comparison<never>, 'anomalies' | 'found'> {
  const found: Comparison<never>['found'] = {};
  const anomalies = all.filter(({ kind }) => {
    const count = (found[kind] ?? 0) + 1;
    found[kind] = count;
    return count <= maxPerKind;
  });
  return { anomalies, found };
}
