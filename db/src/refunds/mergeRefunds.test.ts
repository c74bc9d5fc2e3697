import type { GatewayRefund } from '@widget-store/contract';
import { type MergedRefund, mergeRefunds, refundIdOfGateway, withNothingCaptured } from './mergeRefunds';

const orderId = `ord_${'0'.repeat(32)}`;
const ownId = `ref_${'0'.repeat(32)}`;

const pending = (overrides: Partial<MergedRefund> = {}): MergedRefund => ({
  refundId: 'ref_1',
  amountMinor: 6000,
  status: 'pending',
  source: 'operator',
  gatewayRefundId: null,
  ...overrides,
});
const own = (overrides: Partial<MergedRefund> = {}) =>
  pending({ refundId: ownId, amountMinor: 10_000, source: 'cancellation', ...overrides });
const made = (overrides: Partial<GatewayRefund> = {}): GatewayRefund => ({
  gatewayRefundId: 're_1',
  refundId: null,
  amountMinor: 2000,
  status: 'succeeded',
  createdAt: '2026-01-01T00:00:00Z',
  ...overrides,
});
const order = { orderId, status: 'PAID', capturedMinor: 10_000 } as const;
const merge = (refunds: MergedRefund[], ...ledger: GatewayRefund[]) =>
  mergeRefunds({ ...order, refunds }, { refundableMinor: 10_000, refunds: ledger });

describe('refunds after the gateway has reported its ledger', () => {
  it("include a refund that was made in the gateway's dashboard, once", () => {
    const recorded = merge([], made());
    expect(recorded).toEqual([
      {
        refundId: refundIdOfGateway('re_1'),
        amountMinor: 2000,
        status: 'succeeded',
        source: 'gateway',
        gatewayRefundId: 're_1',
      },
    ]);
    expect(merge(recorded, made())).toEqual([]);
  });

  it("include the store's own refund if a restore of Postgres has lost its row", () => {
    expect(merge([], made({ refundId: ownId }))).toMatchObject([{ refundId: ownId, source: 'cancellation' }]);
  });

  it.each([
    ['pending', 'succeeded', 'succeeded'],
    ['pending', 'failed', 'failed'],
    ['succeeded', 'failed', 'failed'],
    ['succeeded', 'pending', 'succeeded'],
    ['failed', 'succeeded', 'failed'],
  ] as const)('that are recorded as %s and reported as %s are then %s', (before, reported, after) => {
    const known = pending({ status: before, gatewayRefundId: 're_1' });
    const [changed = known] = merge([known], made({ refundId: 'ref_1', amountMinor: 6000, status: reported }));
    expect(changed.status).toBe(after);
  });

  it('show the second attempt of a refund whose first attempt has failed', () => {
    const failed = made({ refundId: 'ref_1', amountMinor: 6000, status: 'failed' });
    const again = made({ refundId: 'ref_1', amountMinor: 6000, gatewayRefundId: 're_2' });
    for (const ledger of [
      [failed, again],
      [again, failed],
    ]) {
      expect(merge([pending()], ...ledger)).toMatchObject([{ status: 'succeeded', gatewayRefundId: 're_2' }]);
    }
  });

  it('include both refunds if the gateway has made two with the same store id', () => {
    const twice = [made({ refundId: 'ref_1' }), made({ refundId: 'ref_1', gatewayRefundId: 're_2' })];
    const recorded = merge([pending({ amountMinor: 2000 })], ...twice);
    expect(recorded).toMatchObject([{ refundId: 'ref_1' }, { refundId: refundIdOfGateway('re_2'), source: 'gateway' }]);
    expect(merge(recorded, ...twice)).toEqual([]);
  });

  it('fail if an operator requested more than a refund in the dashboard leaves', () => {
    const [failed, recorded] = merge([pending()], made({ amountMinor: 5000 }));
    expect([failed?.status, failed?.settledBy, recorded?.source]).toEqual(['failed', null, 'gateway']);
    expect(merge([pending()], made({ amountMinor: 4000 }))).toHaveLength(1);
  });

  it("shrink to what is left if they are the store's own, and fail if nothing is left", () => {
    expect(merge([own()], made())).toMatchObject([{ amountMinor: 8000, status: 'pending' }, { amountMinor: 2000 }]);
    expect(merge([own()], made({ amountMinor: 10_000 }))).toMatchObject([
      { status: 'failed', settledBy: 'gateway' },
      { amountMinor: 10_000 },
    ]);
  });

  it('of a cancelled order shrink to what is left, even if an operator requested them', () => {
    const rest = own({ amountMinor: 4000, status: 'succeeded', gatewayRefundId: 're_0' });
    const ledger = { refundableMinor: 10_000, refunds: [made({ amountMinor: 5000 })] };
    const [shrunk] = mergeRefunds({ ...order, status: 'CANCELLED', refunds: [pending(), rest] }, ledger);
    expect(shrunk).toMatchObject({ source: 'operator', amountMinor: 1000, status: 'pending' });
  });

  it('lose their settlement if the gateway has made them after all', () => {
    const [failed] = merge([own()], made({ amountMinor: 10_000 }));
    const again = merge([failed ?? own()], made({ refundId: ownId, amountMinor: 10_000 }));
    expect(again).toMatchObject([{ refundId: ownId, status: 'succeeded', settledBy: null }]);
  });

  it('do not change if the ledger has only the refund that the store already knows', () => {
    const done = pending({ status: 'succeeded', gatewayRefundId: 're_0' });
    expect(merge([done, own({ amountMinor: 4000 })], made({ gatewayRefundId: 're_0', amountMinor: 6000 }))).toEqual([]);
  });
});

describe('a refund of a payment that the gateway has not captured', () => {
  const done = (refund: MergedRefund) =>
    withNothingCaptured({ capturedMinor: 10_000, refunds: [refund] }, refund.refundId);

  it("gets the amount 0 if it is the store's own", () => {
    const ofNothing = own({ status: 'succeeded', amountMinor: 0 });
    expect(done(own())).toEqual({ capturedMinor: 0, refunds: [ofNothing] });
    expect(done(ofNothing).refunds).toEqual([]);
  });

  it('keeps its amount if an operator requested it', () => {
    expect(done(pending())).toEqual({ capturedMinor: 10_000, refunds: [pending({ status: 'succeeded' })] });
  });
});
