import type { OrderBody } from '@widget-store/api';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { eventually } from '../support/eventually';
import { playRounds, untilMoment } from '../support/rounds';
import { stockOf } from '../support/store/database';
import { startTestStore, type TestStore } from '../support/store/store';

const manyRounds = { rounds: 30, atOnce: 10 };
const isPaid = ({ status }: OrderBody): boolean => status === 'PAID' || status === 'DISPATCHED';

/** Whichever event wins, each charge is either kept for a fulfilled order or refunded once, and stock adds up. */
describe('races of payments and cancellations', () => {
  let store: TestStore;
  let till: Till;

  beforeAll(async () => {
    store = await startTestStore({ demo: false });
    till = await openTill(store);
    await store.store.restock({ productId: 1, available: 1000 });
  });
  afterAll(() => store.close());
  afterEach(() => till.expectExact());

  const orderOf = ({ orderId }: Charge) => till.shopper.order(orderId);
  const refundedWhen = (charge: Charge) =>
    eventually(
      () => orderOf(charge),
      (order) => order.payment_status === 'refunded',
    );

  /** Expects that the order is cancelled and that its whole charge was refunded once. */
  async function expectRefunded(charge: Charge): Promise<void> {
    const { status, refunds } = await refundedWhen(charge);
    expect([status, ...refunds.map((refund) => refund.amount_minor)]).toEqual(['CANCELLED', 9999]);
    expect([await till.gateway.keptMinor(charge.paymentId), await till.gateway.refunds(charge.paymentId)]).toEqual([
      0, 1,
    ]);
  }

  async function expectCancelled(charge: Charge): Promise<void> {
    expect(await orderOf(charge)).toMatchObject({ status: 'CANCELLED', payment_status: 'cancelled', refunds: [] });
  }

  it('a paid and a failed webhook at the same time, 30 rounds: paid, or cancelled and refunded once', async () => {
    await playRounds(manyRounds, async (round) => {
      const charge = await till.charge();
      const statuses = round % 2 === 0 ? ['paid', 'failed'] : ['failed', 'paid'];
      const [one, other] = await Promise.all([
        ...statuses.map((status) => till.tell(charge, status)),
        till.checkoutAgain(charge),
      ]);
      expect([one, other]).toMatchObject(statuses.map(() => ({ status: 200, text: charge.orderId })));
      if (!isPaid(await orderOf(charge))) await expectRefunded(charge);
    });
  });

  it('a cancellation and a paid webhook at the same time, 30 rounds: cancelled and refunded once', async () => {
    await playRounds(manyRounds, async (round) => {
      const charge = await till.charge();
      const race = [() => till.cancel(charge), () => till.tell(charge, 'paid')];
      const answers = await Promise.all((round % 2 === 0 ? race : race.toReversed()).map((send) => send()));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      await expectRefunded(charge);
    });
  });

  it.each([
    ['before the payment', false],
    ['after the payment', true],
  ])('three cancellations at once %s: cancelled, and refunded once if paid', async (_when, paid) => {
    await playRounds({ rounds: 10, atOnce: 5 }, async () => {
      const charge = await (paid ? till.charge() : till.open());
      if (paid) await till.tell(charge, 'paid');
      const answers = await Promise.all([till.cancel(charge), till.cancel(charge), till.cancel(charge)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      await (paid ? expectRefunded(charge) : expectCancelled(charge));
    });
  });

  it('repeated cancellations while the refund starts all get 200', async () => {
    await playRounds({ rounds: 10, atOnce: 2 }, async () => {
      const charge = await till.charge();
      await till.tell(charge, 'paid');
      const beganMs = Date.now();
      const cancels = Array.from({ length: 30 }, async (_cancel, index) => {
        await untilMoment(beganMs + 4 * index);
        return till.cancel(charge);
      });
      const answers = await Promise.all(cancels);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      await expectRefunded(charge);
    });
  });

  it('a cancellation and a partial refund at the same time, 30 rounds: the whole capture is refunded, no part of it twice, and the unit returns to stock once', async () => {
    const { inventory } = await stockOf(store.sql);
    const raced = await playRounds(manyRounds, async (round) => {
      const charge = await till.charge();
      await till.tell(charge, 'paid');
      const restock = round % 4 < 2 ? [{ product_id: 1, quantity: 1 }] : [];
      const race = [() => till.cancel(charge), () => till.refund(charge, { amount_minor: 6000, restock })];
      const answers = await Promise.all((round % 2 === 0 ? race : race.toReversed()).map((send) => send()));
      return { charge, isRefundFirst: answers.some(({ status }) => status === 202) };
    });
    for (const { charge, isRefundFirst } of raced) {
      const { refunds, refunded_minor: refunded } = await refundedWhen(charge);
      const amounts = refunds.map((refund) => refund.amount_minor).toSorted((one, other) => one - other);
      expect(amounts).toEqual(isRefundFirst ? [3999, 6000] : [9999]);
      expect([refunded, await till.gateway.keptMinor(charge.paymentId)]).toEqual([9999, 0]);
      expect(await till.gateway.refunds(charge.paymentId)).toBe(refunds.length);
    }
    expect((await stockOf(store.sql)).inventory).toBe(inventory);
  });

  describe('during a dispatch', () => {
    const progressWhen = async (charge: Charge, progress: number): Promise<Date> => {
      const [row] = await eventually(
        () => store.sql<{ left: number; at: Date }[]>`
          select progress_remaining as left, updated_at as at from orders where order_id = ${charge.orderId}`,
        ([order]) => order !== undefined && order.left <= progress,
      );
      return row?.at ?? new Date();
    };

    async function dispatching(): Promise<Charge> {
      const charge = await till.charge();
      await till.tell(charge, 'paid');
      return charge;
    }

    it('a cancellation in the middle: the progress stops', async () => {
      await playRounds({ rounds: 8, atOnce: 8 }, async (round) => {
        const charge = await dispatching();
        await progressWhen(charge, 9 - (round % 4));
        const answer = await till.cancel(charge);
        expect(answer.status).toBe(200);
        const { progress_remaining: left } = JSON.parse(answer.text) as OrderBody;
        await expectRefunded(charge);
        expect((await orderOf(charge)).progress_remaining).toBe(left);
      });
    });

    it('a cancellation in the last tick: dispatched and paid, or cancelled and refunded', async () => {
      const tickMs = 1000;
      const rounds = 16;
      await playRounds({ rounds, atOnce: rounds }, async (round) => {
        const charge = await dispatching();
        const lastTickBegan = await progressWhen(charge, 1);
        const offsetMs = -50 + (100 * round) / (rounds - 1);
        await untilMoment(lastTickBegan.getTime() + tickMs + offsetMs);
        const answer = await till.cancel(charge);
        if (answer.status === 200) return expectRefunded(charge);
        expect([answer.status, JSON.parse(answer.text)]).toEqual([
          409,
          expect.objectContaining({ code: 'order_dispatched' }),
        ]);
        expect(await orderOf(charge)).toMatchObject({ status: 'DISPATCHED', payment_status: 'paid', refunds: [] });
      });
    });
  });
});
