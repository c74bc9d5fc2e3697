import { MockActivityEnvironment } from '@temporalio/testing';
import { checkoutWorkflowId, type Comparison, type OrdersMark } from '@widget-store/contract';
import type { PaymentGateway } from '../gateway';
import { compareOrders } from './compareOrders';
import type { OpenRun, ReconcileDeps, Runs } from './deps';

const graceMs = 1000;
const now = Date.parse('2026-01-31T12:00:00.000Z');
const at = (ms: number): string => new Date(ms).toISOString();

/**
 * A Temporal server with open checkouts that have no order. The checkouts were started one second apart, and the newest
 * one was started an hour ago.
 */
function openRuns(count: number): { runs: Runs; asked: string[] } {
  const open: OpenRun[] = Array.from({ length: count }, (_, index) => ({
    workflowId: checkoutWorkflowId(`key-${index}`),
    startedAt: at(now - 3_600_000 - index * 1000),
  }));
  const asked: string[] = [];
  const runs: Runs = {
    isOpen: () => Promise.resolve(true),
    listOpen: ({ startedBefore, limit }) => {
      asked.push(startedBefore);
      return Promise.resolve(open.filter(({ startedAt }) => startedAt < startedBefore).slice(0, limit));
    },
    listFailed: () => Promise.resolve([]),
    findStalled: () => Promise.resolve(null),
    endStalled: () => Promise.resolve({ ended: false, payment: null }),
  };
  return { runs, asked };
}

/** A database without orders. */
const store = {
  readClock: () => Promise.resolve(at(now)),
  listUnfinished: () => Promise.resolve([]),
  listRefundsToMake: () => Promise.resolve([]),
  readOrderFacts: () => Promise.resolve([]),
} as unknown as ReconcileDeps['store'];

describe('the comparison of open runs', () => {
  it('continues with the runs beyond its limit, then begins again with the newest', async () => {
    const { runs, asked } = openRuns(1500);
    const compare = (mark: OrdersMark | null): Promise<Comparison<OrdersMark>> => {
      const deps = { store, runs, gateway: {} as PaymentGateway };
      return new MockActivityEnvironment().run(() => compareOrders(deps, { graceMs, mark }));
    };

    const first = await compare(null);
    expect(first.found).toEqual({ run_without_order: 1000 });
    const second = await compare(first.mark);
    expect(second.found).toEqual({ run_without_order: 500 });
    await compare(second.mark);

    const newest = at(now - 10 * graceMs);
    expect(asked).toEqual([newest, at(now - 3_600_000 - 999_000), newest]);
  });
});

describe('the comparison of failed runs', () => {
  it.each([
    ['a quarter of an hour before the last comparison', now - 3_600_000, now - 3_600_000 - 15 * 60_000],
    [
      'two days ago if the clock of Postgres was ahead at the last comparison',
      now + 3_600_000,
      now - 48 * 3_600_000 - 15 * 60_000,
    ],
  ])('begins %s', async (_what, comparedMs, fromMs) => {
    const asked: string[] = [];
    const { runs } = openRuns(0);
    const listFailed: Runs['listFailed'] = ({ closedAfter }) => {
      asked.push(closedAfter);
      return Promise.resolve([]);
    };
    const deps = { store, runs: { ...runs, listFailed }, gateway: {} as PaymentGateway };
    const mark = { comparedAt: at(comparedMs), openBefore: null };
    await new MockActivityEnvironment().run(() => compareOrders(deps, { graceMs, mark }));
    expect(asked).toEqual([at(fromMs)]);
  });
});
