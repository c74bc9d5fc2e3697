import { join } from 'node:path';
import { runToEnd } from '../runToEnd';
import { repositoryRoot } from '../store';
import { until } from '../until';
import { returnUrl, startTestGateway, type TestGateway } from './testGateway';

/** The gateway as its clients see it: a separate process with an HTTP API. */
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
});

afterAll(() => gateway.stop());

const pathOf = (paymentId: string): string => `/v1/payments/${paymentId}`;
const openBody = (paymentId: string) => ({
  payment_id: paymentId,
  amount_minor: 1234,
  currency: 'USD',
  return_url: returnUrl,
});
const refundWith = (paymentId: string, key: string, amountMinor: unknown) =>
  gateway.call('POST', `${pathOf(paymentId)}/refunds`, {
    body: { amount_minor: amountMinor },
    headers: { 'idempotency-key': key },
  });

test('a payment is opened, read, paid and refunded', async () => {
  const opened = await gateway.call('POST', '/v1/payments', { body: openBody('pay_story') });
  expect(opened.status).toBe(200);
  expect(opened.json).toEqual({
    payment_id: 'pay_story',
    status: 'open',
    failure_reason: null,
    amount_minor: 1234,
    currency: 'USD',
    captured_minor: 0,
    refunded_minor: 0,
    refunds: [],
    disputes: [],
    payment_url: `${gateway.url}/pay/pay_story`,
    updated_at: expect.stringMatching(/Z$/),
  });
  expect((await gateway.call('POST', '/v1/payments', { body: openBody('pay_story') })).json).toEqual(opened.json);

  const paid = await gateway.call('POST', '/sandbox/payments/pay_story/pay');
  expect(paid.json).toMatchObject({ status: 'paid', captured_minor: 1234, refunded_minor: 0 });

  const refund = await refundWith('pay_story', 'refund/1', 1000);
  expect(refund).toMatchObject({ status: 200, json: { idempotency_key: 'refund/1', amount_minor: 1000 } });
  expect((await refundWith('pay_story', 'refund/1', 1000)).json).toEqual(refund.json);
  expect((await gateway.call('GET', pathOf('pay_story'))).json).toMatchObject({
    status: 'paid',
    captured_minor: 1234,
    refunded_minor: 1000,
    refunds: [refund.json],
  });
});

describe('after a payment', () => {
  const sandbox = (method: string, path: string, body?: unknown) =>
    gateway.call(method, `/sandbox/payments/${path}`, { body, headers: { 'idempotency-key': 'key' } });

  test('a refund made in the dashboard is shown without a key, and ends as chosen there', async () => {
    const paymentId = await gateway.open();
    await sandbox('POST', `${paymentId}/pay`);
    const refund = await sandbox('POST', `${paymentId}/refunds`, { amount_minor: 234, status: 'pending' });
    expect(refund.json).toEqual({
      refund_id: expect.stringMatching(/^re_[0-9a-f]{32}$/),
      idempotency_key: null,
      amount_minor: 234,
      status: 'pending',
      created_at: expect.stringMatching(/Z$/),
    });
    const path = `${paymentId}/refunds/${String(refund.json['refund_id'])}`;
    expect((await sandbox('POST', `${path}/succeed`)).json).toEqual({ ...refund.json, status: 'succeeded' });
    const failed = (await sandbox('POST', `${path}/fail`)).json;
    expect(await sandbox('POST', `${path}/succeed`)).toMatchObject({ status: 409, json: { code: 'refund_failed' } });
    expect((await gateway.call('GET', pathOf(paymentId))).json).toMatchObject({ refunded_minor: 0, refunds: [failed] });
  });

  test('the next refund of the store has the chosen status, even after a kill', async () => {
    const paymentId = await gateway.open();
    await sandbox('POST', `${paymentId}/pay`);
    expect((await sandbox('PUT', `${paymentId}/next_refund`, { status: 'failed' })).json).toEqual({ status: 'failed' });
    await gateway.kill();

    expect((await refundWith(paymentId, 'a', 1000)).json).toMatchObject({ idempotency_key: 'a', status: 'failed' });
    expect((await refundWith(paymentId, 'b', 1000)).json).toMatchObject({ status: 'succeeded' });
  });

  test('a dispute is opened and lost', async () => {
    const paymentId = await gateway.open();
    await sandbox('POST', `${paymentId}/pay`);
    const dispute = await sandbox('POST', `${paymentId}/disputes`, { amount_minor: 1000, reason: 'fraudulent' });
    expect(dispute.json).toEqual({
      dispute_id: expect.stringMatching(/^dp_[0-9a-f]{32}$/),
      amount_minor: 1000,
      status: 'open',
      reason: 'fraudulent',
      created_at: expect.stringMatching(/Z$/),
    });
    const closed = await sandbox('POST', `${paymentId}/disputes/${String(dispute.json['dispute_id'])}/lose`);
    expect(closed.json).toEqual({ ...dispute.json, status: 'lost' });
    expect((await gateway.call('GET', pathOf(paymentId))).json).toMatchObject({ disputes: [closed.json] });
  });
});

test.each(['decline', 'close'])('a payment that fails with %s captures nothing, and stays failed', async (action) => {
  const paymentId = await gateway.open();
  const failed = { status: 'failed', captured_minor: 0, failure_reason: action === 'close' ? 'closed' : 'declined' };

  expect((await gateway.call('POST', `/sandbox/payments/${paymentId}/${action}`)).json).toMatchObject(failed);
  expect((await gateway.call('POST', `/sandbox/payments/${paymentId}/pay`)).json).toMatchObject(failed);
  await until(() => gateway.accepted.some(({ path }) => path === `/payment_webhook/${paymentId}/failed`));
});

test('payments are listed page by page, in the order of their last change', async () => {
  const since = new Date().toISOString();
  const [first, second, third] = [await gateway.open(), await gateway.open(), await gateway.open()];
  await gateway.call('POST', `/sandbox/payments/${first}/pay`);
  const page = (cursor?: string) =>
    gateway.call(
      'GET',
      `/v1/payments?updated_since=${since}&limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`,
    );

  const one = await page();
  const two = await page(String(one.json['next_cursor']));

  expect(one.json).toMatchObject({ payments: [{ payment_id: second }, { payment_id: third }] });
  expect(two.json).toMatchObject({ payments: [{ payment_id: first, status: 'paid' }], next_cursor: null });
});

describe('refusals', () => {
  const withoutKey = { authorization: '' };
  const wrongKey = { authorization: 'Bearer key-of-the-tests-0123456780' };
  const key = { 'idempotency-key': 'key' };
  const body = { amount_minor: 1 };

  test.each([
    ['POST', '/v1/payments', { headers: withoutKey, body: openBody('pay_refused') }, 401, 'unauthorized'],
    ['POST', '/v1/payments', { headers: wrongKey, body: openBody('pay_refused') }, 401, 'unauthorized'],
    ['GET', '/v1/payments', { headers: wrongKey }, 401, 'unauthorized'],
    ['GET', '/v1/payments/pay_refused', { headers: wrongKey }, 401, 'unauthorized'],
    ['PUT', '/sandbox/behaviour', { headers: wrongKey, body: {} }, 401, 'unauthorized'],
    ['POST', '/sandbox/payments/pay_refused/pay', { headers: wrongKey }, 401, 'unauthorized'],
    ['GET', '/v1/payments/pay_refused', {}, 404, 'payment_unknown'],
    ['POST', '/sandbox/payments/pay_refused/pay', {}, 404, 'payment_unknown'],
    ['POST', '/sandbox/payments/pay_refused/webhooks', {}, 404, 'payment_unknown'],
    ['POST', '/sandbox/payments/pay_refused/steal', {}, 404, 'not_found'],
    ['POST', '/v1/payments/pay_refused/refunds', { headers: key, body }, 404, 'payment_unknown'],
    ['POST', '/v1/payments/pay_refused/refunds', { body }, 400, 'invalid_idempotency_key'],
    ['POST', '/sandbox/payments/pay_refused/refunds', { headers: wrongKey, body }, 401, 'unauthorized'],
    ['POST', '/sandbox/payments/pay_refused/refunds', { headers: key, body }, 404, 'payment_unknown'],
    ['POST', '/sandbox/payments/pay_refused/disputes', { body }, 400, 'invalid_idempotency_key'],
    ['PUT', '/sandbox/payments/pay_refused/next_refund', { body: { status: 'odd' } }, 422, 'invalid_body'],
    ['DELETE', '/v1/payments/pay_refused', {}, 405, 'method_not_allowed'],
    ['POST', '/v1/payments', { body: '{' }, 400, 'malformed_json'],
    ['POST', '/v1/payments', { body: { ...openBody('pay_refused'), amount_minor: 1.5 } }, 422, 'invalid_body'],
    ['POST', '/v1/payments', { body: { ...openBody('pay_refused'), amount_minor: 0 } }, 422, 'invalid_body'],
    ['POST', '/v1/payments', { body: { ...openBody('pay_refused'), currency: 'usd' } }, 422, 'invalid_body'],
    ['POST', '/v1/payments', { body: { ...openBody('pay_refused'), tip: 1 } }, 422, 'invalid_body'],
    ['POST', '/v1/payments', { body: { ...openBody('pay_refused/..') } }, 422, 'invalid_body'],
    ['POST', '/v1/payments', { body: { ...openBody('x'), return_url: 'javascript:alert(1)' } }, 422, 'invalid_body'],
    ['POST', '/v1/payments', { body: 'x'.repeat(65 * 1024) }, 413, 'body_too_large'],
    ['GET', '/v1/payments?limit=0', {}, 400, 'invalid_query'],
    ['PUT', '/sandbox/behaviour', { body: { explode: true } }, 422, 'invalid_body'],
  ])('%s %s with %j is %d %s', async (method, path, options, status, code) => {
    const answer = await gateway.call(method, path, options);

    expect([answer.status, answer.json['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect((await gateway.call('GET', pathOf('pay_refused'))).status).toBe(404);
  });

  test('another amount or currency for the same payment is a conflict', async () => {
    const paymentId = await gateway.open();
    for (const other of [{ amount_minor: 1235 }, { currency: 'EUR' }]) {
      const answer = await gateway.call('POST', '/v1/payments', { body: { ...openBody(paymentId), ...other } });
      expect([answer.status, answer.json['code']]).toEqual([409, 'payment_mismatch']);
    }
  });

  test('a refund of more than is left, or of another amount with the same key, is refused', async () => {
    const paymentId = await gateway.open();
    expect((await refundWith(paymentId, 'a', 1)).status).toBe(422);
    await gateway.call('POST', `/sandbox/payments/${paymentId}/pay`);
    expect((await refundWith(paymentId, 'a', 1000)).status).toBe(200);
    expect(await refundWith(paymentId, 'b', 235)).toMatchObject({ status: 422, json: { code: 'refund_too_large' } });
    expect(await refundWith(paymentId, 'a', 999)).toMatchObject({ status: 409, json: { code: 'refund_mismatch' } });
    expect((await gateway.call('GET', pathOf(paymentId))).json).toMatchObject({ refunded_minor: 1000 });
  });
});

test('the gateway is alive and ready', async () => {
  expect((await gateway.call('GET', '/healthz')).json).toEqual({ alive: true });
  expect((await gateway.call('GET', '/readyz')).json).toEqual({ ready: true, missing: [] });
});

test('without its variables the gateway exits with status 1 and names them', async () => {
  const program = join(repositoryRoot, 'dev/dist/gateway/main.js');
  const started = runToEnd({
    name: 'gateway',
    command: process.execPath,
    args: [program],
    env: {},
    deadlineMs: 60_000,
  });

  await expect(started).rejects.toThrow(
    /exited with status 1[^]*GATEWAY_DATA_DIR is not set[^]*GATEWAY_API_KEY is not set[^]*WEBHOOK_URL is not set[^]*PAYMENT_WEBHOOK_SECRET is not set/,
  );
});

test('a kill neither loses nor repeats anything that was answered before', async () => {
  const paymentId = await gateway.open();
  await gateway.call('POST', `/sandbox/payments/${paymentId}/pay`);
  const refund = await refundWith(paymentId, 'before-the-kill', 34);
  await gateway.kill();

  const again = await refundWith(paymentId, 'before-the-kill', 34);

  expect(again.json).toEqual(refund.json);
  expect((await gateway.call('GET', pathOf(paymentId))).json).toMatchObject({
    captured_minor: 1234,
    refunded_minor: 34,
    refunds: [refund.json],
  });
});
