import { until } from '../until';
import { type ReceivedWebhook, startTestGateway, type TestGateway } from './testGateway';

/** Webhooks as they arrive, from the gateway as a process of its own, at a receiver that checks their signatures. */
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

/** The webhook of the payment comes, once. */
async function expectAccepted(paymentId: string): Promise<void> {
  await until(() => accepted(paymentId).length > 0);
  await laterOneArrived();
  expect(accepted(paymentId)).toHaveLength(1);
}

/** Everything that was settled before has arrived by then: webhooks leave in the order of their settlements. */
async function laterOneArrived(): Promise<void> {
  const later = await paid();
  await until(() => accepted(later).length > 0);
}

test('a settlement sends one signed webhook, whose body repeats its address', async () => {
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

test('duplicates are copies of one event', async () => {
  await behave({ duplicates: 4 });
  const paymentId = await paid();
  await until(() => accepted(paymentId).length === 5);
  await behave({});
  await laterOneArrived();

  expect(accepted(paymentId)).toHaveLength(5);
  expect(new Set(accepted(paymentId).map(({ id }) => id)).size).toBe(1);
});

test('a delayed webhook is overtaken by one that is not', async () => {
  await behave({ delay_ms: 700 });
  const startedAtMs = performance.now();
  const slow = await paid();
  await behave({});
  await laterOneArrived();
  expect(accepted(slow)).toEqual([]);

  await until(() => accepted(slow).length === 1);
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(690);
});

test('a lost webhook never comes, and can be sent again', async () => {
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

test('reversed webhooks: the newer one comes first', async () => {
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

test('a refused webhook is tried again until it is accepted', async () => {
  gateway.answer = { status: 500 };
  const paymentId = await paid();
  await until(() => refused(paymentId).length >= 2);
  gateway.answer = { status: 200 };
  await until(() => accepted(paymentId).length === 1);

  const ids = [...refused(paymentId), ...accepted(paymentId)].map(({ id }) => id);
  expect(new Set(ids).size).toBe(1);
});

test('a redirect is no delivery', async () => {
  gateway.answer = { status: 303, headers: { location: `${gateway.url}/healthz` } };
  const paymentId = await paid();
  await until(() => refused(paymentId).length >= 2);
  gateway.answer = { status: 200 };

  await expectAccepted(paymentId);
});

test('a receiver that asks for a longer wait gets it', async () => {
  gateway.answer = { status: 503, headers: { 'retry-after': '2' } };
  const paymentId = await paid();
  await until(() => refused(paymentId).length === 1);
  const refusedAtMs = performance.now();
  gateway.answer = { status: 200 };
  await until(() => accepted(paymentId).length === 1);

  expect(performance.now() - refusedAtMs).toBeGreaterThan(1900);
  expect(refused(paymentId)).toHaveLength(1);
});

test('a receiver that is away gets its webhook when it is back', async () => {
  await gateway.receiverDown();
  const paymentId = await paid();
  await until(() => gateway.lines.some((line) => line.includes(paymentId) && line.includes('ECONNREFUSED')));
  await gateway.receiverUp();

  await expectAccepted(paymentId);
});

test('a gateway killed between settlement and delivery delivers after its restart', async () => {
  await behave({ delay_ms: 500 });
  const paymentId = await paid();
  await gateway.kill();
  await behave({});

  await expectAccepted(paymentId);
});

test('a gateway killed between two attempts goes on with the same event', async () => {
  gateway.answer = { status: 503 };
  const paymentId = await paid();
  await until(() => refused(paymentId).length >= 1);
  await gateway.kill();
  gateway.answer = { status: 200 };
  await until(() => accepted(paymentId).length === 1);

  expect(accepted(paymentId)[0]?.id).toBe(refused(paymentId)[0]?.id);
  // A delivery that was recorded is not repeated by the next start.
  await laterOneArrived();
  await gateway.kill();
  await laterOneArrived();
  expect(accepted(paymentId)).toHaveLength(1);
});
