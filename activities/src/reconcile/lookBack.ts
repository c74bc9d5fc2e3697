import type { LedgerMark } from '@widget-store/contract';

/** How far back in time the first comparison looks. */
export const firstLookMs = 48 * 60 * 60_000;

/**
 * By how much each comparison overlaps the previous one. The overlap is needed because changes appear late in the lists
 * of the gateway and of Temporal, and because clocks differ.
 */
export const overlapMs = 15 * 60_000;

export interface LookBack {
  /**
   * The comparison must cover every change since this time, in milliseconds since the epoch by the database's clock.
   */
  fromMs: number;
  /** Whether Postgres was restored to a moment before the last comparison. */
  restored: boolean;
}

/**
 * Finds the time since which a comparison must cover every change. Temporal keeps the mark of the last comparison.
 * Postgres records the time of a comparison, and the mark contains a copy of this time. If the record is older than the
 * copy, Postgres was restored. Everything since the time of the record must then be compared again.
 *
 * @param recordedAt the time that Postgres has recorded, ISO 8601; null if it has none
 */
export function lookBack(mark: LedgerMark | null, recordedAt: string | null, nowMs: number): LookBack {
  const firstMs = nowMs - firstLookMs;
  const recordedMs = recordedAt === null ? firstMs : Date.parse(recordedAt);
  if (mark === null) return { fromMs: Math.min(firstMs, recordedMs), restored: false };
  const comparedMs = beginMs(mark.comparedAt, nowMs);
  const restored = mark.recordedAt !== null && (recordedAt === null || recordedMs < Date.parse(mark.recordedAt));
  return { fromMs: restored ? Math.min(comparedMs, recordedMs) : comparedMs, restored };
}

/**
 * The time since which a comparison must cover every change, in milliseconds since the epoch: usually the time of the
 * last comparison. If that time is in the future, the database's clock was fast and has been set back. While it was
 * fast, comparisons asked the gateway and Temporal for changes after a time that was in the future for these servers.
 * So those comparisons could miss changes. The next comparison therefore looks as far back as a first comparison.
 *
 * @param comparedAt ISO 8601
 */
export function beginMs(comparedAt: string, nowMs: number): number {
  const comparedMs = Date.parse(comparedAt);
  return comparedMs > nowMs ? nowMs - firstLookMs : comparedMs;
}
