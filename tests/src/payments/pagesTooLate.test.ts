import type { PaymentGateway } from '@widget-store/activities';
import { failureTypes } from '@widget-store/contract';
import { paymentPageUpdate } from '@widget-store/workflows/messages';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { testGateway } from '../support/gateway/gateway';
import { openWorkflowBench, type WorkflowBench } from '../support/temporal/workflows';

/**
 * Long enough for a busy machine to ask for the page before its window ends, and short enough that the gateway may open it
 * after that: whoever waits for a page waits three seconds.
 */
const paymentWindowMs = 2000;
/** No retry helps: the same as half a minute of silence, but sooner. */
const away = Object.assign(new Error('away'), { name: 'GatewayError', code: failureTypes.orderNotFound });

/** A gateway that can end what nobody has paid, as Stripe can: no page outlives its order. */
describe("a payment page at its window's end", () => {
  let bench: WorkflowBench;
  const pages = new Map<string, 'open' | 'ended'>();
  /** Until when pages are not opened, and how often the gateway does not answer who wants to end one. */
  let opening = Promise.resolve();
  let silences = 0;

  const closePayment: PaymentGateway['closePayment'] = (paymentId) => {
    if (silences > 0) {
      silences -= 1;
      return Promise.reject(away);
    }
    if (!pages.has(paymentId)) return Promise.resolve(null);
    pages.set(paymentId, 'ended');
    const nothing = { capturedMinor: 0, refundedMinor: 0, lastRefundId: null };
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

  it('that is opened while the window ends is given to nobody, and ended', async () => {
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

  it('that could not be ended at the moment, because the gateway was away, is ended later', async () => {
    const { run, paymentId, expired } = await place();
    expect(await run.executeUpdate(paymentPageUpdate)).toMatchObject({ paymentUrl: expect.any(String) as string });
    silences = 1;
    await expired();
    await run.result();
    expect(pages.get(paymentId)).toBe('ended');
  });
});
