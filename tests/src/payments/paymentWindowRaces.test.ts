import type { PaymentStatus } from '@widget-store/contract';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { eventually } from '../support/eventually';
import { playRounds, untilMoment } from '../support/rounds';
import { startTestStore, type TestStore } from '../support/store/store';

const edgeMs = 50;
const mostAttempts = 20;
/** The number of concurrent rounds. Even a slow machine can prepare this number of charges within one window. */
const atOnce = 6;

/** A payment just before or just after the end of the window either pays its order or is refunded. */
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
  /** Waits for one of these payment statuses. An order shows its refund a moment after the answer to the webhook. */
  const endsAs = (charge: Charge, ...paymentStatuses: PaymentStatus[]) =>
    eventually(
      () => orderOf(charge),
      (order) => paymentStatuses.includes(order.payment_status),
    );

  /**
   * Prepares a charge and waits for the moment of its round. The moments are spread from 50 ms before to 50 ms after
   * the end of the window. Repeats a round if the preparation took longer than the window, which can happen on a busy
   * machine.
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
      // The round uses another charge, but the payment of this charge must be settled too. Without this webhook, a
      // payment after the end of the window would wait a minute for the reconciler.
      if (prepare === till.charge) await till.tell(charge, 'paid');
    }
    throw new Error(`${mostAttempts} times, preparing a charge took longer than its window`);
  }

  it('a webhook within 50 ms of the end, 50 rounds: paid', async () => {
    const rounds = 50;
    await playRounds({ rounds, atOnce }, async (round) => {
      const charge = await atEdge(till.charge, { round, rounds });
      const [told] = await Promise.all([till.tell(charge, 'paid'), till.checkoutAgain(charge)]);
      expect([told.status, told.text]).toEqual([200, charge.orderId]);
      await endsAs(charge, 'paid');
    });
  });

  it('a charge and its webhook within 50 ms of the end, 50 rounds: paid, or refunded once', async () => {
    const rounds = 50;
    await playRounds({ rounds, atOnce }, async (round) => {
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
    ['a charge was made without a webhook', true],
  ])(
    'a cancellation within 50 ms of the end, 20 rounds, when %s: cancelled, and refunded if paid',
    async (_what, charged) => {
      const rounds = 20;
      await playRounds({ rounds, atOnce }, async (round) => {
        const charge = await atEdge(charged ? till.charge : till.open, { round, rounds });
        expect((await till.cancel(charge)).status).toBe(200);
        if (charged) await till.tell(charge, 'paid');
        const { status } = await (charged ? endsAs(charge, 'refunded') : endsAs(charge, 'cancelled', 'expired'));
        expect(status).toBe('CANCELLED');
      });
    },
  );
});
