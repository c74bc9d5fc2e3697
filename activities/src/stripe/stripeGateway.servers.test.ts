import {
  type Charge,
  newPaymentId,
  recordDispute,
  recordRefund,
  refundByHand,
  refundToMake,
  type StripeUnderTest,
  stripeUnderTest,
} from '@widget-store/tests';
import type { ListingGateway } from '../gateway';
import { refundPayment } from '../refundPayment';
import { createStripeGateway } from './stripeGateway';

const windowMs = 15 * 60_000;

describe('the client of Stripe', () => {
  let stripe: StripeUnderTest;
  let gateway: ListingGateway;
  let references: Map<string, string>;

  beforeAll(async () => {
    stripe = await stripeUnderTest();
  });
  afterAll(() => stripe.close());
  beforeEach(() => {
    references = new Map();
    gateway = client(2000);
  });
  afterEach(() => expect(stripe.complaints()).toEqual([]));

  function client(deadlineMs: number, url = stripe.standIn.url): ListingGateway {
    return createStripeGateway({
      secretKey: 'rk_test_0',
      url,
      deadlineMs,
      listDeadlineMs: 5000,
      references: {
        readPaymentReference: (paymentId) => Promise.resolve(references.get(paymentId) ?? null),
        recordPaymentReferences: async (recorded) => {
          for (const { paymentId, reference } of recorded) {
            if (!references.has(paymentId)) references.set(paymentId, reference);
          }
        },
      },
    });
  }
  const newPayment = (more: object = {}) => ({
    paymentId: newPaymentId(),
    amountMinor: 9999,
    currency: 'USD',
    items: [{ name: 'Pocket', quantity: 3, unitPriceMinor: 3333 }],
    returnUrl: 'https://shop.example/shop/order/ord_1?returned',
    expiresAt: new Date(Date.now() + windowMs).toISOString(),
    shippingCountries: null,
    ...more,
  });
  async function open(more: object = {}) {
    const payment = newPayment(more);
    return { ...payment, ...(await gateway.createPayment(payment)) };
  }
  /** Pays the session. No webhook reports the payment. */
  async function pay(paymentId: string): Promise<void> {
    await stripe.behave({ lose: true });
    await stripe.pay(paymentId);
  }

  it('opens a payment once, and returns the same page again', async () => {
    const { paymentUrl, ...payment } = await open();
    expect(await gateway.createPayment(payment)).toEqual({ paymentUrl });
    expect(stripe.sessionsOf(payment.paymentId)).toMatchObject([
      { amount: 9999, lineItems: [{ name: 'Pocket', quantity: 3 }] },
    ]);
    expect(await gateway.getPayment(payment.paymentId)).toMatchObject({
      status: 'open',
      amountMinor: 9999,
      currency: 'USD',
    });
  });

  it('refuses to open a payment again for another amount', async () => {
    const payment = await open();
    const other = gateway.createPayment({ ...payment, amountMinor: 1 });
    await expect(other).rejects.toMatchObject({ name: 'GatewayError', code: 'GatewayRefused' });
  });

  it('returns null for a payment that was never opened', async () => {
    expect(await gateway.getPayment(newPaymentId())).toBeNull();
    expect(await gateway.closePayment(newPaymentId())).toBeNull();
  });

  it('accepts yen, and refuses amounts that Stripe would round', async () => {
    const { paymentId } = await open({ amountMinor: 500, currency: 'JPY' });
    expect(stripe.sessionsOf(paymentId)).toMatchObject([{ amount: 500, currency: 'jpy' }]);
    await pay(paymentId);
    expect(await gateway.getPayment(paymentId)).toMatchObject({ capturedMinor: 500, currency: 'JPY' });
    const refund = { ...refundToMake(paymentId, 500), currency: 'JPY' };
    expect(await refundPayment(gateway, refund)).toMatchObject({ refundedMinor: 500 });
    expect(await stripe.keptMinor(paymentId)).toBe(0);
    const odd = open({ amountMinor: 5124, currency: 'KWD' });
    await expect(odd).rejects.toMatchObject({ name: 'GatewayError', code: 'GatewayRefused' });
  });

  it('asks for an address in the allowed countries, and reads the buyer by the session or by the PaymentIntent', async () => {
    const { paymentId } = await open({ shippingCountries: ['GB', 'IE'] });
    expect(stripe.sessionsOf(paymentId)).toMatchObject([{ countries: ['GB', 'IE'] }]);
    expect(await gateway.getBuyer(paymentId)).toBeNull();
    await pay(paymentId);
    const place = { line1: '1 Road', line2: null, city: 'York', postalCode: 'YO1', region: null, country: 'GB' };
    const buyer = { name: 'Ada Lovelace', email: 'ada@example.org', phone: null, ...place };
    expect(await gateway.getBuyer(paymentId)).toEqual(buyer);
    references.set(paymentId, stripe.sessionsOf(paymentId)[0]?.charges[0]?.intent ?? '');
    expect(await gateway.getBuyer(paymentId)).toEqual(buyer);
    expect(await gateway.getBuyer(newPaymentId())).toBeNull();
  });

  it('closes an unpaid payment, and does not change a paid one', async () => {
    const unpaid = await open();
    expect(await gateway.closePayment(unpaid.paymentId)).toMatchObject({ status: 'failed', capturedMinor: 0 });
    expect(await gateway.closePayment(unpaid.paymentId)).toMatchObject({ status: 'failed' });
    const paid = await open();
    await pay(paid.paymentId);
    expect(await gateway.closePayment(paid.paymentId)).toMatchObject({ status: 'paid', capturedMinor: 9999 });
  });

  it('refunds once for many calls at once, and not at all if a refund by hand has left too little', async () => {
    const { paymentId } = await open();
    await pay(paymentId);
    await gateway.refund(refundByHand(paymentId, 999));
    expect(await refundPayment(gateway, refundToMake(paymentId))).toMatchObject({ refundedMinor: 999 });
    const rest = refundToMake(paymentId, 9000);
    const given = await Promise.all(Array.from({ length: 5 }, () => refundPayment(gateway, rest)));
    for (const answer of given) {
      const refunds = [{ refundId: null }, { refundId: rest.refundId, status: 'succeeded' }];
      expect(answer).toMatchObject({ refundedMinor: 9999, refunds });
    }
    expect(await stripe.keptMinor(paymentId)).toBe(0);
    // The `updatedAt` of the first answer was read before the refund. It can therefore be a second earlier than the
    // `updatedAt` of the second answer.
    const withoutTime = (payment: object | null | undefined) => ({ ...payment, updatedAt: null });
    expect(withoutTime(await refundPayment(gateway, rest))).toEqual(withoutTime(given[0]));
  });

  it('retries at once under another key when Stripe has saved a 500 for the first key', async () => {
    const payment = newPayment();
    stripe.standIn.saveFailure();
    await expect(gateway.createPayment(payment)).rejects.toMatchObject({ code: 'GatewayUnavailable' });
    const { paymentUrl } = await gateway.createPayment(payment);
    expect(await gateway.createPayment(payment)).toEqual({ paymentUrl });
    await pay(payment.paymentId);

    stripe.standIn.saveFailure();
    await expect(refundPayment(gateway, refundToMake(payment.paymentId))).rejects.toMatchObject({
      code: 'GatewayUnavailable',
    });
    // Stripe made the refund although it answered with an error, and the client finds the refund.
    expect(await refundPayment(gateway, refundToMake(payment.paymentId))).toMatchObject({ refundedMinor: 9999 });
    expect(await stripe.refunds(payment.paymentId)).toBe(1);
  });

  it('retries at once under another key when Stripe has saved a refusal for the first key', async () => {
    const { paymentId } = await open();
    await pay(paymentId);
    stripe.standIn.saveRefusal();
    await expect(refundPayment(gateway, refundToMake(paymentId))).rejects.toMatchObject({ code: 'GatewayRefused' });
    expect(await refundPayment(gateway, refundToMake(paymentId))).toMatchObject({ refundedMinor: 9999 });
    expect([await stripe.keptMinor(paymentId), await stripe.refunds(paymentId)]).toEqual([0, 1]);
  });

  it('makes a refund with a reduced amount, even if Stripe has saved a refusal of the first amount', async () => {
    const { paymentId } = await open();
    await pay(paymentId);
    stripe.standIn.saveRefusal();
    await expect(refundPayment(gateway, refundToMake(paymentId))).rejects.toMatchObject({ code: 'GatewayRefused' });
    const shrunk = { ...refundToMake(paymentId), amountMinor: 5000 };
    expect(await refundPayment(gateway, shrunk)).toMatchObject({ refundedMinor: 5000 });
    expect(await stripe.refunds(paymentId)).toBe(1);
  });

  it('reports a failed refund, and does not repeat it', async () => {
    const { paymentId } = await open();
    await pay(paymentId);
    stripe.standIn.account.failRefund();
    const failed = { refundedMinor: 0, refunds: [{ status: 'failed' }] };
    expect(await refundPayment(gateway, refundToMake(paymentId))).toMatchObject(failed);
    const { refundId } = refundToMake(paymentId);
    const again = { refundId, paymentId, amountMinor: 9999, idempotencyKey: `refund/${refundId}` };
    expect(await gateway.refund(again)).toMatchObject({ status: 'failed' });
    expect(await stripe.keptMinor(paymentId)).toBe(9999);
  });

  /** Opens and pays a payment, and returns its charge. */
  async function paidCharge(): Promise<{ paymentId: string; charge: Charge }> {
    const { paymentId } = await open();
    await pay(paymentId);
    const charge = stripe.sessionsOf(paymentId)[0]?.charges[0];
    if (charge === undefined) throw new Error('nothing was paid');
    return { paymentId, charge };
  }

  it('reads every refund of a payment, even those that the charge does not contain', async () => {
    const { paymentId, charge } = await paidCharge();
    const made = Array.from({ length: 25 }, (_, index) => recordRefund(charge, index + 1).id);
    const payment = await gateway.getPayment(paymentId);
    expect(payment?.refunds.map(({ gatewayRefundId }) => gatewayRefundId)).toEqual(made);
    expect(payment?.refunds[0]).toMatchObject({ refundId: null, amountMinor: 1 });
  });

  it('reads a refund that is pending, and one that fails after it has succeeded', async () => {
    const { paymentId, charge } = await paidCharge();
    const refund = recordRefund(charge, 2000, 'pending');
    for (const [status, refundedMinor] of [
      ['pending', 2000],
      ['succeeded', 2000],
      ['failed', 0],
    ] as const) {
      refund.status = status;
      expect(await gateway.getPayment(paymentId)).toMatchObject({ refundedMinor, refunds: [{ status }] });
    }
  });

  it.each([
    ['warning_needs_response', 'open', 0],
    ['needs_response', 'open', 5000],
    ['appeal_under_review', 'open', 5000],
    ['lost', 'lost', 5000],
    ['won', 'won', 5000],
  ] as const)('reads a dispute that is %s as %s, with the amount %i', async (stripeStatus, status, amountMinor) => {
    const { paymentId, charge } = await paidCharge();
    expect(await gateway.getPayment(paymentId)).toMatchObject({ disputes: [] });
    const { id } = recordDispute(charge, { amount: 5000, status: stripeStatus });
    const disputes = [{ gatewayDisputeId: id, amountMinor, status, reason: 'fraudulent' }];
    expect(await gateway.getPayment(paymentId)).toMatchObject({ disputes, refundedMinor: 0 });
    // A refund is made only if the dispute leaves enough money for it.
    const refundedMinor = status === 'won' || amountMinor === 0 ? 5000 : 0;
    expect(await refundPayment(gateway, refundToMake(paymentId, 5000))).toMatchObject({ refundedMinor });
  });

  describe('its ledger', () => {
    async function list(updatedSince: string) {
      const seen = [];
      let cursor: string | null = null;
      do {
        const page = await gateway.listPayments({ updatedSince, cursor });
        seen.push(...page.payments);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return seen;
    }

    it('lists payments that were made or refunded since a time, and no unpaid payment', async () => {
      const since = new Date(Date.now() - 1000).toISOString();
      const [opened, paid, back] = [await open(), await open(), await open()];
      for (const { paymentId } of [paid, back]) await pay(paymentId);
      await refundPayment(gateway, refundToMake(back.paymentId));
      const listed = await list(since);
      expect(listed.filter(({ paymentId }) => paymentId === paid.paymentId)).toMatchObject([{ capturedMinor: 9999 }]);
      const ofBack = listed.filter(({ paymentId }) => paymentId === back.paymentId);
      expect(ofBack).toEqual([expect.objectContaining({ refundedMinor: 9999 }), ofBack[0]]);
      expect(listed.map(({ paymentId }) => paymentId)).not.toContain(opened.paymentId);
    });

    it('lists a payment whose refund or dispute is new, although the payment is old', async () => {
      const since = new Date(Date.now() - 1000).toISOString();
      const [refunded, disputed] = [await paidCharge(), await paidCharge()];
      for (const { charge } of [refunded, disputed]) charge.created -= 86_400;
      expect((await list(since)).map(({ paymentId }) => paymentId)).not.toContain(refunded.paymentId);
      recordRefund(refunded.charge, 1);
      for (let times = 0; times < 26; times += 1) recordDispute(disputed.charge, { amount: 1 });
      const listed = await list(since);
      const find = (id: string) => listed.find(({ paymentId }) => paymentId === id);
      expect(find(refunded.paymentId)).toMatchObject({ refunds: [{ amountMinor: 1 }] });
      expect(find(disputed.paymentId)?.disputes).toHaveLength(26);
    });

    it('has more than one page', async () => {
      const since = new Date(Date.now() - 1000).toISOString();
      const { paymentId, charge: first } = await paidCharge();
      const [session] = stripe.sessionsOf(paymentId);
      const others = Array.from({ length: 150 }, (_, index) => {
        const metadata = { payment_id: newPaymentId() };
        return { ...first, id: `ch_${index}`, metadata, refunds: [], disputes: [] };
      });
      session?.charges.push(...others);
      const listed = new Set((await list(since)).map((payment) => payment.paymentId));
      expect(others.every(({ metadata }) => listed.has(metadata.payment_id))).toBe(true);
    });

    it('has a longer deadline for a page than for other calls', async () => {
      const hasty = client(1);
      await expect(hasty.createPayment(newPayment())).rejects.toMatchObject({ code: 'GatewayUnavailable' });
      const page = hasty.listPayments({ updatedSince: new Date().toISOString(), cursor: null });
      await expect(page).resolves.toHaveProperty('payments');
    });

    it('finds a payment whose reference a restored database lacks', async () => {
      const { paymentId } = await open();
      await pay(paymentId);
      references.clear();
      expect(await gateway.getPayment(paymentId)).toBeNull();
      await list(new Date(Date.now() - 60_000).toISOString());
      expect(await gateway.getPayment(paymentId)).toMatchObject({ status: 'paid', capturedMinor: 9999 });
      expect(await refundPayment(gateway, refundToMake(paymentId))).toMatchObject({ refundedMinor: 9999 });
      expect(await gateway.closePayment(paymentId)).toMatchObject({ refundedMinor: 9999 });
    });
  });

  it.each(['away', 'slow', 'answering 500 after having done it'] as const)(
    'is unavailable when Stripe is %s',
    async (fault) => {
      const payment = newPayment();
      stripe.proxy.break(fault, payment.paymentId);
      const opened = client(300, stripe.proxy.url).createPayment(payment);
      await expect(opened).rejects.toMatchObject({ name: 'GatewayError', code: 'GatewayUnavailable' });
      stripe.proxy.mend(payment.paymentId);
    },
  );
});
