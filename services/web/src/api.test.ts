import { createStoreApi } from './api.js';
import { failureCode } from './failures.js';

interface Sent {
  url: string;
  init: RequestInit | undefined;
}

/** An api that always gives the same answer, and what it was sent. */
function apiThatAnswers(answer: () => Response) {
  const sent: Sent[] = [];
  const api = createStoreApi(async (input, init) => {
    sent.push({ url: typeof input === 'string' ? input : 'not a path', init });
    return answer();
  });
  return { api, sent };
}

function problem({ status, detail, headers }: { status: number; detail: string; headers?: Record<string, string> }) {
  const body = JSON.stringify({ status, detail, retryable: status === 503 });
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
}

test('a checkout is sent as the store contract has it', async () => {
  const { api, sent } = apiThatAnswers(() => new Response('pay_1\n'));
  expect(await api.startCheckout('key_1')).toBe('pay_1');
  const headers = new Headers(sent[0]?.init?.headers);
  expect(sent[0]).toMatchObject({ url: '/checkout/key_1', init: { method: 'POST' } });
  expect(sent[0]?.init?.body ?? null).toBeNull();
  expect(headers.get('content-type')).toBe('application/json');
  expect(headers.get('accept')).toBeNull();
});

test('a payment is settled in the unsigned form of the contract', async () => {
  const { api, sent } = apiThatAnswers(() => new Response('ord_1'));
  expect(await api.settlePayment({ paymentId: 'pay_1', outcome: 'cancelled' })).toBe('ord_1');
  expect(sent[0]).toMatchObject({
    url: '/payment_webhook/pay_1/cancelled',
    init: { method: 'POST', body: '{"status":"cancelled"}' },
  });
});

test('an id from the address bar cannot reach another path', async () => {
  const { api, sent } = apiThatAnswers(() => Response.json({}));
  await api.order('../product?x#y');
  expect(sent[0]?.url).toBe('/order/..%2Fproduct%3Fx%23y');
});

test('orders follow the cursor of the Link header', async () => {
  const link = '</orders?limit=20&cursor=next1>; rel="next"';
  const { api, sent } = apiThatAnswers(() => Response.json([], { headers: { link } }));
  expect(await api.orders('this1')).toEqual({ orders: [], nextCursor: 'next1' });
  expect(sent[0]?.url).toBe('/orders?limit=20&cursor=this1');
  expect(new Headers(sent[0]?.init?.headers).get('accept')).toBe('application/json');
});

test.each([
  { status: 503, detail: 'Postgres is away', code: 'away' },
  { status: 429, detail: 'Slow down', code: 'away' },
  { status: 502, detail: '', code: 'away' },
  { status: 404, detail: 'Checkout failed to start', code: 'sold_out' },
  { status: 404, detail: 'There is nothing here.', code: 'not_found' },
  { status: 401, detail: 'Who are you?', code: 'not_allowed' },
  { status: 422, detail: 'No', code: 'refused' },
  { status: 500, detail: 'Oops', code: 'broken' },
])('status $status with "$detail" is $code', async ({ status, detail, code }) => {
  const { api } = apiThatAnswers(() => problem({ status, detail }));
  const error: unknown = await api.startCheckout('key_1').catch((caught: unknown) => caught);
  expect(failureCode(error)).toBe(code);
});

test('a failure carries the wait the api asked for', async () => {
  const { api } = apiThatAnswers(() => problem({ status: 503, detail: 'away', headers: { 'retry-after': '2' } }));
  await expect(api.product()).rejects.toMatchObject({ code: 'away', detail: 'away', retryAfterMs: 2_000 });
});

test('a cut connection is the store being away, also in the middle of the answer', async () => {
  const refused = apiThatAnswers(() => {
    throw new TypeError('Failed to fetch');
  });
  const cut = apiThatAnswers(() => {
    const stream = new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) });
    return new Response(stream);
  });
  await expect(refused.api.product()).rejects.toMatchObject({ code: 'away' });
  await expect(cut.api.product()).rejects.toMatchObject({ code: 'away' });
});

test.each(['', '<!doctype html><p>Welcome</p>', '../orders'])('an id that is none is broken: %p', async (text) => {
  const { api } = apiThatAnswers(() => new Response(text));
  await expect(api.startCheckout('key_1')).rejects.toMatchObject({ code: 'broken' });
});

test('an answer that is no JSON is broken', async () => {
  const { api } = apiThatAnswers(() => new Response('<!doctype html>'));
  const error: unknown = await api.product().catch((caught: unknown) => caught);
  expect(failureCode(error)).toBe('broken');
});
