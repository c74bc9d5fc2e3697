import type { LedgerMark } from '@widget-store/contract';
import { lookBack } from './lookBack';

const at = (hour: number): string => new Date(Date.UTC(2026, 0, 3, hour)).toISOString();
const nowMs = Date.parse(at(12));
const twoDaysAgo = new Date(nowMs - 48 * 60 * 60_000).toISOString();
const mark = (comparedAt: string, notedAt: string | null): LedgerMark => ({ comparedAt, paymentIds: [], notedAt });

describe('a comparison goes on', () => {
  it.each<[string, LedgerMark | null, string | null, string, boolean]>([
    ['where the last one ended', mark(at(11), at(10)), at(10), at(11), false],
    ['there too when its first attempt had noted the mark and died', mark(at(11), at(10)), at(11), at(11), false],
    ['there too when Temporal was restored', mark(at(7), at(6)), at(11), at(7), false],
    ['there too when the database had noted nothing yet', mark(at(11), null), null, at(11), false],
    ['two days back without a mark', null, at(11), twoDaysAgo, false],
    ['two days back without a mark and a note', null, null, twoDaysAgo, false],
    [
      'further back without a mark when the note is older',
      null,
      '2025-12-24T00:00:00.000Z',
      '2025-12-24T00:00:00.000Z',
      false,
    ],
    ['where the restored database had been compared', mark(at(11), at(10)), at(5), at(5), true],
    ['two days back when the restored database knew of no comparison', mark(at(11), at(10)), null, twoDaysAgo, true],
  ])('%s', (_what, last, notedAt, from, restored) => {
    expect(lookBack(last, notedAt, nowMs)).toEqual({ fromMs: Date.parse(from), restored });
  });
});
