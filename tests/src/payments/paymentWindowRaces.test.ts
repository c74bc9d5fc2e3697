import type { PaymentStatus } from '@widget-store/contract';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { eventually } from '../support/eventually';
import { playRounds, untilMoment } from '../support/rounds';
import { startTestStore, type TestStore } from '../support/store/store';

const edgeMs = 50;
const mostAttempts = 20;

/** The end of the payment window is a moment like any other: a payment on either side of it is kept or given back. */
describe("races with the payment window's end", () => {
  let store: TestStore;
  let till: Till;

  beforeAll(async () => {
    store = await startTestStore({ demo: false, paymentWindowMs: 2000 });
    till = await openTill(store);
    await store.store.restock({ productId: 1, available: 1000 });
  });
  afterAll(() => store.close());
  afterEach(() => till.expectExact());

  const orderOf = ({ orderId }: Charge) => till.shopper.order(orderId);
  /** A refund is shown a moment after the webhook was answered. */
  const endsAs = (charge: Charge, ...paymentStatuses: PaymentStatus[]) =>
    eventually(
      () => orderOf(charge),
      (order) => paymentStatuses.includes(order.payment_status),
    );

  /**
   * Prepares a charge and waits for its moment: the rounds are spread over the edge, from 50 ms before it to 50 ms after it. On a
   * busy machine the preparation may outlast the window; then it is another race, and the round begins anew.
   */
  async function atEdge(prepare: () => Promise<Charge>, { round, rounds }: { round: number; rounds: number }) {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const charge = await prepare();
      const { expires_at: expiresAt } = await orderOf(charge);
      const momentMs = Date.parse(expiresAt) - edgeMs + (2 * edgeMs * round) / (rounds - 1);
      if (Date.now() <= momentMs) {
        await untilMoment(momentMs);
        return charge;
      }
      // Nobody else would tell of it before the reconciler does, a minute later.
      if (prepare === till.charge) await till.tell(charge, 'paid');
    }
    throw new Error(`a charge has outlasted its window ${mostAttempts} times`);
  }

  it('a charge whose webhook comes within 50 ms of the end, 50 rounds: paid', async () => {
    const rounds = 50;
    await playRounds({ rounds, atOnce: 10 }, async (round) => {
      const charge = await atEdge(till.charge, { round, rounds });
      const [told] = await Promise.all([till.tell(charge, 'paid'), till.checkoutAgain(charge)]);
      expect([told.status, told.text]).toEqual([200, charge.orderId]);
      await endsAs(charge, 'paid');
    });
  });

  it('a charge made and told within 50 ms of the end, 50 rounds: paid, or given back once', async () => {
    const rounds = 50;
    await playRounds({ rounds, atOnce: 10 }, async (round) => {
      const charge = await atEdge(till.open, { round, rounds });
      await till.pay(charge);
      const told = await till.tell(charge, 'paid');
      expect([told.status, told.text]).toEqual([200, charge.orderId]);
      const { payment_status: paymentStatus } = await endsAs(charge, 'paid', 'refunded');
      expect(await till.gateway.refunds(charge.paymentId)).toBe(paymentStatus === 'paid' ? 0 : 1);
    });
  });

  it.each([
    ['nothing was paid', false],
    ['a charge was made that nobody has told of', true],
  ])('cancel within 50 ms of the end, 20 rounds, when %s', async (_what, charged) => {
    const rounds = 20;
    await playRounds({ rounds, atOnce: 10 }, async (round) => {
      const charge = await atEdge(charged ? till.charge : till.open, { round, rounds });
      expect((await till.cancel(charge)).status).toBe(200);
      // The webhook that was late all the time.
      if (charged) await till.tell(charge, 'paid');
      const { status } = await (charged ? endsAs(charge, 'refunded') : endsAs(charge, 'cancelled', 'expired'));
      expect(status).toBe('CANCELLED');
    });
  });
});
