import type { LedgerMark } from '@widget-store/contract';

/** How far a comparison looks back that knows of none before it. */
export const firstLookMs = 48 * 60 * 60_000;

/** How much earlier each look begins than the last one ended: the lists of gateway and Temporal lag, and clocks differ. */
export const overlapMs = 15 * 60_000;

export interface LookBack {
  /** Everything that changed since then is to be compared; milliseconds since the epoch, by the database's clock. */
  fromMs: number;
  /** Postgres is not as the last comparison left it: somebody has put an earlier state of it back. */
  restored: boolean;
}

/**
 * Where a comparison goes on. Temporal keeps the mark and Postgres a note of it; a note that is older than the mark has seen
 * went back together with the orders, which then have to be compared again from there on.
 *
 * @param notedAt of the database, ISO 8601; null when it has noted nothing
 */
export function lookBack(mark: LedgerMark | null, notedAt: string | null, nowMs: number): LookBack {
  const firstMs = nowMs - firstLookMs;
  const notedMs = notedAt === null ? firstMs : Date.parse(notedAt);
  if (mark === null) return { fromMs: Math.min(firstMs, notedMs), restored: false };
  const comparedMs = Date.parse(mark.comparedAt);
  const restored = mark.notedAt !== null && (notedAt === null || notedMs < Date.parse(mark.notedAt));
  return { fromMs: restored ? Math.min(comparedMs, notedMs) : comparedMs, restored };
}
