import { MockActivityEnvironment } from '@temporalio/testing';
import type { Logger } from '@temporalio/common';
import { createTestDatabase, type TestDatabase } from '@widget-store/tests';
import type { Comparison, LedgerMark } from '@widget-store/contract';
import type { LedgerPayment, PaymentGateway } from '../gateway';
import { compareLedger } from './compareLedger';
import { maxPerKind } from './summarize';

const overlapMs = 15 * 60_000;
const hour = 60 * 60_000;

/** The comparison as the Schedule makes it: each is given the mark of the one before. */
describe('the comparison of the ledger', () => {
  let database: TestDatabase;
  const payments: LedgerPayment[] = [];
  const asked: number[] = [];
  const gateway: PaymentGateway = {
    createPayment: () => Promise.reject(new Error('nothing is opened here')),
    refund: () => Promise.reject(new Error('nothing is given back here')),
    closePayment: () => Promise.reject(new Error('nothing is ended here')),
    getPayment: (paymentId) => Promise.resolve(payments.find((payment) => payment.paymentId === paymentId) ?? null),
    listPayments: ({ updatedSince }) => {
      asked.push(Date.parse(updatedSince));
      return Promise.resolve({
        payments: payments.filter(({ updatedAt }) => updatedAt >= updatedSince),
        nextCursor: null,
      });
    },
  };

  const warnings: string[] = [];
  const silent = (): void => {};
  const logger: Logger = {
    log: silent,
    trace: silent,
    debug: silent,
    info: silent,
    warn: (message) => void warnings.push(message),
    error: silent,
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const compare = (mark: LedgerMark | null): Promise<Comparison<LedgerMark>> => {
    const deps = { gateway, store: database.store };
    const run = () => compareLedger(deps, { graceMs: 0, mark });
    return new MockActivityEnvironment({}, { logger }).run(run);
  };
  const lookedBackTo = (): number => (asked.at(-1) ?? Number.NaN) + overlapMs;
  /** As a backup of that age has it, if it knew of a comparison at all. */
  const restoreNote = (ageMs: number) =>
    database.sql`update comparisons set compared_at = ${new Date(Date.now() - ageMs)} where name = 'ledger'`;
  const lostPayment = (number: number, ageMs: number): LedgerPayment => ({
    paymentId: `pay_${number}`,
    status: 'paid',
    amountMinor: 9999,
    currency: 'USD',
    capturedMinor: 9999,
    refundedMinor: 0,
    lastRefundId: null,
    updatedAt: new Date(Date.now() - ageMs).toISOString(),
  });

  it('finds what was paid between the backup and the last comparison, until it has found all of it', async () => {
    const first = await compare(null);
    const second = await compare(first.mark);
    const third = await compare(second.mark);
    expect(lookedBackTo()).toBe(Date.parse(second.mark.comparedAt));

    payments.push(...Array.from({ length: maxPerKind + 1 }, (_, number) => lostPayment(number, 3 * hour)));
    expect((await compare(third.mark)).found).toEqual({});
    await restoreNote(4 * hour);
    const restored = await compare(third.mark);
    expect(restored.found).toEqual({ capture_without_order: maxPerKind + 1 });
    // Its report was lost with the worker, and a retry finds the same.
    expect((await compare(third.mark)).found).toEqual(restored.found);
    expect(warnings).toEqual([
      'Postgres was restored; comparing what changed since',
      'Postgres was restored; comparing what changed since',
    ]);

    // One that had no room waits for the next comparison.
    payments.splice(0, maxPerKind);
    const rest = await compare(restored.mark);
    expect(rest.anomalies).toMatchObject([{ kind: 'capture_without_order', paymentId: `pay_${maxPerKind}` }]);
    payments.length = 0;
    const quiet = await compare(rest.mark);
    expect(quiet.found).toEqual({});
    await compare(quiet.mark);
    expect(lookedBackTo()).toBe(Date.parse(quiet.mark.comparedAt));
  });

  it('looks back as far as a restored database when Temporal has lost the mark too', async () => {
    await restoreNote(100 * hour);
    await compare(null);
    expect(lookedBackTo()).toBeLessThanOrEqual(Date.now() - 100 * hour);
  });
});
