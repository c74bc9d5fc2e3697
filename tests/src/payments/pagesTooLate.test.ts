import type { PaymentGateway } from '@widget-store/activities';
import { failureTypes } from '@widget-store/contract';
import { paymentPageUpdate } from '@widget-store/workflows/messages';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { testGateway } from '../support/gateway/gateway';
import { openWorkflowBench, type WorkflowBench } from '../support/temporal/workflows';

/** Long enough to request the page on a busy machine, and shorter than the three seconds for which a request waits. */
const paymentWindowMs = 2000;
/**
 * The workflow does not retry after this error, so the tests need not wait. If the gateway did not answer, the workflow
 * would retry for half a minute.
 */
const away = Object.assign(new Error('away'), { name: 'GatewayError', code: failureTypes.orderNotFound });

/** The gateway of these tests can close an unpaid payment, which the sandbox cannot. */
describe('a payment page at the end of the payment window', () => {
  let bench: WorkflowBench;
  const pages = new Map<string, 'open' | 'ended'>();
  /** The gateway opens a page only after this promise has resolved. */
  let opening = Promise.resolve();
  /** How many of the next calls of `closePayment` fail. */
  let failures = 0;

  const closePayment: PaymentGateway['closePayment'] = (paymentId) => {
    if (failures > 0) {
      failures -= 1;
      return Promise.reject(away);
    }
    if (!pages.has(paymentId)) return Promise.resolve(null);
    pages.set(paymentId, 'ended');
    const nothing = { capturedMinor: 0, refundedMinor: 0, refunds: [], disputes: [] };
    const amount = { amountMinor: 9999, currency: 'USD' };
    return Promise.resolve({ paymentId, status: 'failed', ...amount, ...nothing, updatedAt: new Date().toISOString() });
  };

  beforeAll(async () => {
    const createPayment: PaymentGateway['createPayment'] = async ({ paymentId }) => {
      await opening;
      pages.set(paymentId, 'open');
      return { paymentUrl: `https://gateway.example/${paymentId}` };
    };
    bench = await openWorkflowBench({ gateway: { ...testGateway(), createPayment, closePayment } });
    await setAvailable(bench.database.store, 100);
  });
  afterAll(() => bench.close());

  async function place() {
    const checkout = await bench.checkout({ paymentWindowMs });
    const expired = () =>
      eventually(
        () => bench.readOrder(checkout),
        ({ cancelReason }) => cancelReason === 'payment_expired',
      );
    return { ...checkout, expired };
  }

  it('that the gateway opens after the end of the window is not returned, and is expired', async () => {
    let open = (): void => {};
    opening = new Promise((resolve) => (open = resolve));
    const { run, paymentId, expired } = await place();
    const asked = run.executeUpdate(paymentPageUpdate);
    await expired();
    open();
    expect(await asked).toMatchObject({ paymentUrl: null });
    await run.result();
    expect(pages.get(paymentId)).toBe('ended');
  });

  it('that the gateway could not expire at once is expired later', async () => {
    const { run, paymentId, expired } = await place();
    expect(await run.executeUpdate(paymentPageUpdate)).toMatchObject({ paymentUrl: expect.any(String) as string });
    failures = 1;
    await expired();
    await run.result();
    expect(pages.get(paymentId)).toBe('ended');
    const logged = bench.warnings.map(({ meta }) => meta);
    expect(logged).toContainEqual(expect.objectContaining({ paymentId, reason: away.message }));
  });
});
