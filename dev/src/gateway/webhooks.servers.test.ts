import { until } from '../until';
import { type ReceivedWebhook, startTestGateway, type TestGateway } from './testGateway';

/** A gateway that runs as a separate process, and sends its webhooks to a receiver that checks their signatures. */
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
});

afterAll(() => gateway.stop());

beforeEach(async () => {
  gateway.answer = { status: 200 };
  await behave({});
});

afterEach(() => {
  expect(gateway.forged).toEqual([]);
});

const behave = (body: object) => gateway.call('PUT', '/sandbox/behaviour', { body });
const pay = (paymentId: string) => gateway.call('POST', `/sandbox/payments/${paymentId}/pay`);
const of = (webhooks: ReceivedWebhook[], paymentId: string) =>
  webhooks.filter(({ body }) => body.data['payment_id'] === paymentId);
const accepted = (paymentId: string) => of(gateway.accepted, paymentId);
const refused = (paymentId: string) => of(gateway.refused, paymentId);

async function paid(): Promise<string> {
  const paymentId = await gateway.open();
  await pay(paymentId);
  return paymentId;
}

/** Waits for the webhook of a payment, and expects that it arrives only once. */
async function expectAccepted(paymentId: string): Promise<void> {
  await until(() => accepted(paymentId).length > 0);
  await laterOneArrived();
  expect(accepted(paymentId)).toHaveLength(1);
}

/**
 * Waits for the webhook of one more payment. The first attempts start in the order of the settlements, so a second
 * webhook of an earlier payment would have arrived by then.
 */
async function laterOneArrived(): Promise<void> {
  const later = await paid();
  await until(() => accepted(later).length > 0);
}

test('a settlement sends one signed webhook, and its path and its body name the same payment and status', async () => {
  const paymentId = await paid();
  await pay(paymentId);
  await until(() => accepted(paymentId).length > 0);
  await laterOneArrived();

  expect(accepted(paymentId)).toEqual([
    {
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      path: `/payment_webhook/${paymentId}/paid`,
      body: {
        type: 'payment.paid',
        timestamp: expect.stringMatching(/Z$/),
        data: { payment_id: paymentId, status: 'paid', amount_minor: 1234, currency: 'USD' },
      },
    },
  ]);
});

test('refunds and disputes send signed webhooks that name the payment', async () => {
  const paymentId = await paid();
  const options = { body: { amount_minor: 100 }, headers: { 'idempotency-key': 'key' } };
  const send = async (path: string) => (await gateway.call('POST', path, options)).json;
  const sandbox = `/sandbox/payments/${paymentId}`;
  const { refund_id: refundId } = await send(`/v1/payments/${paymentId}/refunds`);
  await send(`${sandbox}/refunds/${String(refundId)}/fail`);
  const { dispute_id: disputeId } = await send(`${sandbox}/disputes`);
  await behave({ duplicates: 1 });
  await send(`${sandbox}/disputes/${String(disputeId)}/win`);
  await until(() => accepted(paymentId).length === 6);

  const later = accepted(paymentId).slice(1);
  expect(later.map(({ path }) => path)).toEqual(Array(5).fill('/webhooks/sandbox'));
  expect(later.map(({ body }) => body.data)).toEqual(later.map(() => ({ payment_id: paymentId })));
  const types = ['dispute.closed', 'dispute.closed', 'dispute.created', 'refund.created', 'refund.failed'];
  expect(later.map(({ body }) => body.type).toSorted()).toEqual(types);
  expect(new Set(later.map(({ id }) => id)).size).toBe(4);
});

test('duplicates are copies of one event', async () => {
  await behave({ duplicates: 4 });
  const paymentId = await paid();
  await until(() => accepted(paymentId).length === 5);
  await behave({});
  await laterOneArrived();

  expect(accepted(paymentId)).toHaveLength(5);
  expect(new Set(accepted(paymentId).map(({ id }) => id)).size).toBe(1);
});

test('a webhook without a delay overtakes a delayed one', async () => {
  await behave({ delay_ms: 700 });
  const startedAtMs = performance.now();
  const slow = await paid();
  await behave({});
  await laterOneArrived();
  expect(accepted(slow)).toEqual([]);

  await until(() => accepted(slow).length === 1);
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(690);
});

test('a lost webhook never arrives, but can be sent again', async () => {
  await behave({ lose: true });
  const lost = await paid();
  await behave({});
  await laterOneArrived();
  await gateway.kill();
  await laterOneArrived();
  expect(accepted(lost)).toEqual([]);

  const again = await gateway.call('POST', `/sandbox/payments/${lost}/webhooks`);
  await until(() => accepted(lost).length === 1);
  expect(again).toMatchObject({ status: 202, json: { webhook_id: accepted(lost)[0]?.id } });
});

test('of two reversed webhooks, the newer one arrives first', async () => {
  await behave({ reverse: true });
  const older = await paid();
  const newer = await paid();
  await until(() => accepted(older).length === 1);

  const order = gateway.accepted.map(({ body }) => body.data['payment_id']);
  expect(order.slice(-2)).toEqual([newer, older]);
});

test('a webhook sent again is the same event', async () => {
  const paymentId = await paid();
  await until(() => accepted(paymentId).length === 1);
  await gateway.call('POST', `/sandbox/payments/${paymentId}/webhooks`);
  await until(() => accepted(paymentId).length === 2);

  const [first, second] = accepted(paymentId);
  expect(second).toEqual(first);
});

test('a refused webhook is sent again until it is accepted', async () => {
  gateway.answer = { status: 500 };
  const paymentId = await paid();
  await until(() => refused(paymentId).length >= 2);
  gateway.answer = { status: 200 };
  await until(() => accepted(paymentId).length === 1);

  const ids = [...refused(paymentId), ...accepted(paymentId)].map(({ id }) => id);
  expect(new Set(ids).size).toBe(1);
});

test('a redirect does not count as a delivery', async () => {
  gateway.answer = { status: 303, headers: { location: `${gateway.url}/healthz` } };
  const paymentId = await paid();
  await until(() => refused(paymentId).length >= 2);
  gateway.answer = { status: 200 };

  await expectAccepted(paymentId);
});

test('the next attempt waits as long as the receiver asks', async () => {
  gateway.answer = { status: 503, headers: { 'retry-after': '2' } };
  const paymentId = await paid();
  await until(() => refused(paymentId).length === 1);
  const refusedAtMs = performance.now();
  gateway.answer = { status: 200 };
  await until(() => accepted(paymentId).length === 1);

  expect(performance.now() - refusedAtMs).toBeGreaterThan(1900);
  expect(refused(paymentId)).toHaveLength(1);
});

test('a receiver that was down gets its webhook when it is up again', async () => {
  await gateway.receiverDown();
  const paymentId = await paid();
  await until(() => gateway.lines.some((line) => line.includes(paymentId) && line.includes('ECONNREFUSED')));
  await gateway.receiverUp();

  await expectAccepted(paymentId);
});

test('a gateway killed between settlement and delivery sends the webhook after its restart', async () => {
  await behave({ delay_ms: 500 });
  const paymentId = await paid();
  await gateway.kill();
  await behave({});

  await expectAccepted(paymentId);
});

test('a gateway killed between two attempts sends the same event after its restart', async () => {
  gateway.answer = { status: 503 };
  const paymentId = await paid();
  await until(() => refused(paymentId).length >= 1);
  await gateway.kill();
  gateway.answer = { status: 200 };
  await until(() => accepted(paymentId).length === 1);

  expect(accepted(paymentId)[0]?.id).toBe(refused(paymentId)[0]?.id);
  // The next start does not repeat a webhook whose delivery was recorded.
  await laterOneArrived();
  await gateway.kill();
  await laterOneArrived();
  expect(accepted(paymentId)).toHaveLength(1);
});
