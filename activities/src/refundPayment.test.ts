import { type GatewayRefund, keptMinor, type Refund, reservedMinor } from '@widget-store/contract';
import type { LedgerPayment } from './gateway';
import { makeRefund } from './refundPayment';

const asked: Refund = {
  refundId: 'ref_1',
  orderId: 'ord_1',
  paymentId: 'pay_1',
  amountMinor: 3000,
  currency: 'USD',
  status: 'pending',
  source: 'operator',
  gatewayRefundId: null,
  paymentEventId: 'evt_1',
};
const captured = {
  paymentId: 'pay_1',
  status: 'paid',
  amountMinor: 10_000,
  currency: 'USD',
  capturedMinor: 10_000,
  updatedAt: '2026-01-01T00:00:00Z',
} as const;

/** A gateway, and an order with one refund. A test can change the refund in `row`. */
function openBench(payment: 'captured' | 'open' | 'unknown' = 'captured') {
  const made: GatewayRefund[] = [];
  const getPayment = async (): Promise<LedgerPayment | null> => {
    if (payment === 'unknown') return null;
    const refundedMinor = reservedMinor(made);
    const open = { status: 'open', capturedMinor: 0 } as const;
    return { ...captured, ...(payment === 'open' && open), refundedMinor, refunds: [...made], disputes: [] };
  };
  const bench = {
    row: { ...asked },
    /** The status that the gateway gives to the next refund. */
    next: 'succeeded' as GatewayRefund['status'],
    made,
    attempt: () =>
      makeRefund(
        {
          store: { beginRefund: async () => bench.row },
          gateway: {
            getPayment,
            refund: async ({ refundId, amountMinor }) => {
              const id = `re_${made.length + 1}`;
              made.push({
                gatewayRefundId: id,
                refundId,
                amountMinor,
                status: bench.next,
                createdAt: '2026-01-01T00:00:00Z',
              });
              return made[made.length - 1] as GatewayRefund;
            },
          },
        },
        asked,
      ),
  };
  return bench;
}

describe('an attempt to make a refund', () => {
  it('makes the refund with the amount that the order shows now', async () => {
    const bench = openBench();
    bench.row.amountMinor = 2000;
    expect(await bench.attempt()).toMatchObject({ refundedMinor: 2000, refunds: [{ refundId: 'ref_1' }] });
    await bench.attempt();
    expect(bench.made).toHaveLength(1);
  });

  it('reports a refund that fails, and does not repeat it after an event has reported the failure', async () => {
    const bench = openBench();
    bench.next = 'failed';
    const payment = await bench.attempt();
    expect(payment).toMatchObject({ refundedMinor: 0, refunds: [{ status: 'failed' }] });
    bench.row = { ...bench.row, status: 'failed', gatewayRefundId: 're_1' };
    bench.next = 'succeeded';
    const later = await bench.attempt();
    expect([bench.made.length, later && keptMinor(later)]).toEqual([1, 10_000]);
  });

  it('fails with GatewayMisconfigured if the gateway does not know a payment that it has reported', async () => {
    const bench = openBench('unknown');
    await expect(bench.attempt()).rejects.toMatchObject({ code: 'GatewayMisconfigured' });
    bench.row.paymentEventId = null;
    expect(await bench.attempt()).toBeNull();
  });

  it('finds nothing to refund if the gateway has captured nothing', async () => {
    expect(await openBench('open').attempt()).toBeNull();
  });
});
