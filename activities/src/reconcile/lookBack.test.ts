import type { LedgerMark } from '@widget-store/contract';
import { lookBack } from './lookBack';

const at = (hour: number): string => new Date(Date.UTC(2026, 0, 3, hour)).toISOString();
const nowMs = Date.parse(at(12));
const twoDaysAgo = new Date(nowMs - 48 * 60 * 60_000).toISOString();
const mark = (comparedAt: string, recordedAt: string | null): LedgerMark => ({
  comparedAt,
  paymentIds: [],
  recordedAt,
});

describe('a comparison begins', () => {
  it.each<[string, LedgerMark | null, string | null, string, boolean]>([
    ['where the last one ended', mark(at(11), at(10)), at(10), at(11), false],
    ['where the last one ended, if a failed attempt has recorded it', mark(at(11), at(10)), at(11), at(11), false],
    ['where the last one ended, when Temporal was restored', mark(at(7), at(6)), at(11), at(7), false],
    ['where the last one ended, when Postgres has recorded nothing yet', mark(at(11), null), null, at(11), false],
    ['two days back without a mark', null, at(11), twoDaysAgo, false],
    ['two days back without a mark and a record', null, null, twoDaysAgo, false],
    [
      'further back without a mark when the record is older',
      null,
      '2025-12-24T00:00:00.000Z',
      '2025-12-24T00:00:00.000Z',
      false,
    ],
    [
      'two days back when the clock of Postgres was ahead and was set back',
      mark(at(20), at(19)),
      at(19),
      twoDaysAgo,
      false,
    ],
    ['at the last record of a restored Postgres', mark(at(11), at(10)), at(5), at(5), true],
    ['two days back when the restored Postgres has no record', mark(at(11), at(10)), null, twoDaysAgo, true],
  ])('%s', (_what, last, recordedAt, from, restored) => {
    expect(lookBack(last, recordedAt, nowMs)).toEqual({ fromMs: Date.parse(from), restored });
  });
});
