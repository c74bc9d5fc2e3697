import type { LedgerMark } from '@widget-store/contract';

/** How far the first comparison looks back. */
export const firstLookMs = 48 * 60 * 60_000;

/** Each comparison begins this much before the end of the last one: lists of gateway and Temporal lag, and clocks differ. */
export const overlapMs = 15 * 60_000;

export interface LookBack {
  /** The comparison must cover every change since then; milliseconds since the epoch, by the database's clock. */
  fromMs: number;
  /** Somebody has restored Postgres to a state before the last comparison. */
  restored: boolean;
}

/**
 * Where a comparison begins. Temporal keeps the mark, and Postgres records its time. If Postgres has an older record than the
 * mark has seen, it was restored, and everything since that record must be compared again.
 *
 * @param recordedAt the record of Postgres, ISO 8601; null when there is none
 */
export function lookBack(mark: LedgerMark | null, recordedAt: string | null, nowMs: number): LookBack {
  const firstMs = nowMs - firstLookMs;
  const recordedMs = recordedAt === null ? firstMs : Date.parse(recordedAt);
  if (mark === null) return { fromMs: Math.min(firstMs, recordedMs), restored: false };
  const comparedMs = Date.parse(mark.comparedAt);
  const restored = mark.recordedAt !== null && (recordedAt === null || recordedMs < Date.parse(mark.recordedAt));
  return { fromMs: restored ? Math.min(comparedMs, recordedMs) : comparedMs, restored };
}
