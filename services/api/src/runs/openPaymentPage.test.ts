import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import { openPaymentPage } from './openPaymentPage';
import { createRecentValues } from './recentValues';

const dayMs = 24 * 60 * 60_000;
const paymentId = `pay_${'0'.repeat(32)}`;
const order = { orderId: `ord_${'0'.repeat(32)}`, idempotencyKey: 'key', status: 'PENDING', isExpired: false };

/** @param answer returns the result of an Update, or the Error with which the Update fails */
function shop(paymentWindowMs: number, answer: () => string | Error) {
  const updateIds: string[] = [];
  const temporal = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    executeUpdateWithStart: (_update: unknown, { updateId }: { updateId: string }) => {
      updateIds.push(updateId);
      const result = answer();
      return result instanceof Error ? Promise.reject(result) : Promise.resolve({ paymentUrl: result });
    },
  };
  const store = { findCheckout: () => Promise.resolve(order) };
  const paymentPages = createRecentValues();
  const context = { temporal, store, paymentPages, paymentWindowMs, taskQueue: 'queue', publicUrl: '' } as never;
  const open = () => openPaymentPage(context, paymentId);
  return { updateIds, open };
}

const failure = (type: string) =>
  new WorkflowUpdateFailedError('Workflow Update failed', ApplicationFailure.create({ type, nonRetryable: true }));

describe('the payment page', () => {
  afterEach(() => jest.restoreAllMocks());

  it('costs the run one Update, even if it is requested many times', async () => {
    const { open, updateIds } = shop(dayMs, () => 'https://gateway.example/1');
    const answers = [await open(), await open(), await open()];
    expect(answers.map((answer) => answer?.payment_url)).toEqual(answers.map(() => 'https://gateway.example/1'));
    expect(updateIds).toHaveLength(1);
  });

  it.each([
    ['a quarter of an hour', dayMs / 96],
    ['a week', 7 * dayMs],
  ])(
    'of a silent gateway costs the run fewer than 2,000 Updates, even if it is requested all the time for %s',
    async (_what, windowMs) => {
      const { open, updateIds } = shop(windowMs, () => failure('GatewayUnavailable'));
      const clock = jest.spyOn(Date, 'now');
      for (let nowMs = 0; nowMs < windowMs; nowMs += windowMs / 2500) {
        clock.mockReturnValue(nowMs);
        await open().catch(() => {});
      }
      expect(updateIds).toHaveLength(2500);
      expect(new Set(updateIds).size).toBeLessThan(1600);
    },
  );

  it('is refused with a final problem if the gateway refuses the payment', async () => {
    const { open } = shop(dayMs, () => failure('GatewayRefused'));
    await expect(open()).rejects.toMatchObject({ code: 'payment_refused' });
  });
});
