import type { GatewayDispute, GatewayRefund } from '@widget-store/contract';
import { type MergedDispute, mergeLedger, withChanges } from './mergeLedger';
import type { MergedRefund } from './mergeRefunds';

const orderId = `ord_${'0'.repeat(32)}`;
const capturedMinor = 10_000;

const reported = (overrides: Partial<GatewayDispute> = {}): GatewayDispute => ({
  gatewayDisputeId: 'dp_1',
  amountMinor: 6000,
  status: 'open',
  reason: 'fraudulent',
  createdAt: '2026-01-01T00:00:00Z',
  ...overrides,
});
const refund = (overrides: Partial<MergedRefund> = {}): MergedRefund => ({
  refundId: 'ref_1',
  amountMinor: 6000,
  status: 'pending',
  source: 'operator',
  gatewayRefundId: null,
  ...overrides,
});
const made: GatewayRefund = {
  gatewayRefundId: 're_1',
  refundId: 'ref_1',
  amountMinor: 6000,
  status: 'succeeded',
  createdAt: '2026-01-01T00:00:00Z',
};

interface Shown {
  refunds?: MergedRefund[];
  disputes?: MergedDispute[];
}
const merge = ({ refunds = [], disputes = [] }: Shown, ...ledger: GatewayDispute[]) =>
  mergeLedger(
    { orderId, status: 'PAID', capturedMinor, refunds, disputes },
    { capturedMinor, refunds: [], disputes: ledger },
  );

/** Merges the reports one after another, and returns the disputes. */
const after = (...reports: GatewayDispute[]): MergedDispute[] =>
  reports.reduce<MergedDispute[]>(
    (disputes, report) => withChanges(disputes, merge({ disputes }, report).disputes),
    [],
  );

describe('disputes after the gateway has reported its ledger', () => {
  it('are recorded once, under an id of the store', () => {
    const [dispute] = after(reported());
    expect(dispute).toMatchObject({
      gatewayDisputeId: 'dp_1',
      amountMinor: 6000,
      status: 'open',
      reason: 'fraudulent',
    });
    expect(dispute?.disputeId).toMatch(/^dis_[0-9a-f]{32}$/);
    expect(merge({ disputes: after(reported()) }, reported()).disputes).toEqual([]);
  });

  it.each([
    ['open', 'won'],
    ['open', 'lost'],
    ['lost', 'won'],
    ['lost', 'open'],
    ['won', 'open'],
  ] as const)('change on the order when their status at the gateway changes from %s to %s', (before, now) => {
    const [earlier, later] = [reported({ status: before }), reported({ status: now })];
    expect(after(earlier, later, later)).toMatchObject([{ status: now }]);
  });

  it('follow a changed amount', () => {
    expect(after(reported({ amountMinor: 0 }), reported())).toMatchObject([{ amountMinor: 6000 }]);
  });

  it.each([
    ['open', 'failed'],
    ['lost', 'failed'],
    ['won', undefined],
  ] as const)('that are %s decide whether a pending refund still fits', (status, changed) => {
    expect(merge({ refunds: [refund()] }, reported({ status })).refunds[0]?.status).toBe(changed);
  });

  it('shrink the refund of a cancellation to what they leave', () => {
    const own = refund({ amountMinor: 10_000, source: 'cancellation' });
    expect(merge({ refunds: [own] }, reported()).refunds).toMatchObject([{ amountMinor: 4000, status: 'pending' }]);
  });

  it('that take everything settle the refund of a cancellation, so it needs no operator', () => {
    const own = refund({ amountMinor: 10_000, source: 'cancellation' });
    const { refunds } = merge({ refunds: [own] }, reported({ amountMinor: capturedMinor }));
    expect(refunds).toMatchObject([{ status: 'failed', settledBy: 'gateway' }]);
  });

  it('can exceed what refunds leave, and do not change a refund that the gateway has made', () => {
    const ledger = { capturedMinor, refunds: [made], disputes: [reported({ amountMinor: capturedMinor })] };
    const change = mergeLedger({ orderId, status: 'PAID', capturedMinor, refunds: [refund()], disputes: [] }, ledger);
    expect(change.refunds).toMatchObject([{ status: 'succeeded', amountMinor: 6000 }]);
    expect(change.disputes).toMatchObject([{ amountMinor: capturedMinor }]);
  });
});
