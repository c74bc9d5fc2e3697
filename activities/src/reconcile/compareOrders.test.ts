import { MockActivityEnvironment } from '@temporalio/testing';
import { checkoutWorkflowId, type Comparison, type OrdersMark } from '@widget-store/contract';
import type { PaymentGateway } from '../gateway';
import { compareOrders } from './compareOrders';
import type { OpenRun, ReconcileDeps, Runs } from './deps';

const graceMs = 1000;
const now = Date.parse('2026-01-31T12:00:00.000Z');
const at = (ms: number): string => new Date(ms).toISOString();

/** A Temporal server with open checkouts that have no order. One was started each second, until an hour ago. */
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
