import { createStoreApi } from './api.js';
import { failureCode } from './failures.js';

interface Sent {
  url: string;
  init: RequestInit | undefined;
}

/** Creates an api client that gets the same answer to every request. `sent` collects its requests. */
function apiThatAnswers(answer: () => Response) {
  const sent: Sent[] = [];
  const api = createStoreApi(async (input, init) => {
    sent.push({ url: typeof input === 'string' ? input : 'not a path', init });
    return answer();
  });
  return { api, sent };
}

interface ProblemOptions {
  status: number;
  detail: string;
  code?: string;
  headers?: Record<string, string>;
}

function problem({ status, detail, code, headers }: ProblemOptions) {
  const body = JSON.stringify({ status, detail, code, retryable: status === 503 });
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
}

const checkout = { key: 'key_1', items: [{ productId: 2, quantity: 3, priceMinor: 1999 }], totalMinor: 5997 };
const placed = { order_id: 'ord_1', payment_id: 'pay_1' };

test('startCheckout sends the items and asks for JSON', async () => {
  const { api, sent } = apiThatAnswers(() => Response.json(placed));
  expect(await api.startCheckout(checkout)).toEqual({ orderId: 'ord_1', paymentId: 'pay_1' });
  expect(sent[0]).toMatchObject({ url: '/checkout/key_1', init: { method: 'POST' } });
  expect(sent[0]?.init?.body).toBe('{"items":[{"product_id":2,"quantity":3}],"expected_total_minor":5997}');
  expect(new Headers(sent[0]?.init?.headers).get('accept')).toBe('application/json');
});

test.each(['https://pay.example/pay_1', 'http://127.0.0.1:3002/pay/pay_1', null])(
  'paymentPage returns the URL %p',
  async (paymentUrl) => {
    const { api, sent } = apiThatAnswers(() => Response.json({ ...placed, payment_url: paymentUrl }));
    expect(await api.paymentPage('pay_1')).toEqual({ orderId: 'ord_1', paymentUrl });
    expect(sent[0]).toMatchObject({ url: '/payment/pay_1/page', init: { method: 'POST' } });
  },
);

// oxlint-disable-next-line no-script-url
test.each(['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', '//pay.example', '/shop', ''])(
  'paymentPage rejects the URL %p',
  async (paymentUrl) => {
    const { api } = apiThatAnswers(() => Response.json({ ...placed, payment_url: paymentUrl }));
    await expect(api.paymentPage('pay_1')).rejects.toMatchObject({ code: 'unexpected' });
  },
);

test('cancelOrder posts to the path of the order', async () => {
  const { api, sent } = apiThatAnswers(() => Response.json({ order_id: 'ord_1', status: 'CANCELLED' }));
  expect(await api.cancelOrder('ord_1')).toMatchObject({ status: 'CANCELLED' });
  expect(sent[0]).toMatchObject({ url: '/order/ord_1/cancel', init: { method: 'POST' } });
});

test('an id from the address bar cannot reach another api path', async () => {
  const { api, sent } = apiThatAnswers(() => Response.json({}));
  await api.order('../product?x#y');
  expect(sent[0]?.url).toBe('/order/..%2Fproduct%3Fx%23y');
});

test.each([
  { status: 503, detail: 'Postgres is away', code: 'unavailable' },
  { status: 429, detail: 'Slow down', code: 'rate_limited' },
  { status: 502, detail: '', code: 'unavailable' },
  { status: 404, detail: 'There is nothing here.', code: 'not_found' },
  { status: 401, detail: 'Who are you?', code: 'not_allowed' },
  { status: 422, detail: 'No', code: 'refused' },
  { status: 500, detail: 'Oops', code: 'unexpected' },
])('status $status with "$detail" has the code $code', async ({ status, detail, code }) => {
  const { api } = apiThatAnswers(() => problem({ status, detail }));
  const error: unknown = await api.startCheckout(checkout).catch((caught: unknown) => caught);
  expect(failureCode(error)).toBe(code);
});

test.each([
  { status: 503, problemCode: 'gateway_unavailable', code: 'gateway_unavailable' },
  { status: 503, problemCode: 'temporal_unavailable', code: 'unavailable' },
  { status: 503, problemCode: 'product_busy', code: 'busy' },
  { status: 409, problemCode: 'order_dispatched', code: 'too_late' },
  { status: 404, problemCode: 'checkout_failed', code: 'sold_out' },
])('problem $problemCode has the code $code', async ({ status, problemCode, code }) => {
  const { api } = apiThatAnswers(() => problem({ status, detail: 'No', code: problemCode }));
  await expect(api.cancelOrder('ord_1')).rejects.toMatchObject({ code });
});

test('a changed total has the code total_changed, and contains the new total', async () => {
  const body = JSON.stringify({ status: 409, code: 'total_changed', retryable: false, total_minor: 7497 });
  const headers = { 'content-type': 'application/problem+json' };
  const { api } = apiThatAnswers(() => new Response(body, { status: 409, headers }));
  await expect(api.startCheckout(checkout)).rejects.toMatchObject({ code: 'total_changed', totalMinor: 7497 });
});

test('a failure contains the Retry-After time', async () => {
  const { api } = apiThatAnswers(() =>
    problem({ status: 503, detail: 'unavailable', headers: { 'retry-after': '2' } }),
  );
  await expect(api.productPage(null)).rejects.toMatchObject({
    code: 'unavailable',
    detail: 'unavailable',
    retryAfterMs: 2_000,
  });
});

test('a connection that breaks before or during the answer has the code unavailable', async () => {
  const refused = apiThatAnswers(() => {
    throw new TypeError('Failed to fetch');
  });
  const cut = apiThatAnswers(() => {
    const stream = new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) });
    return new Response(stream);
  });
  await expect(refused.api.productPage(null)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(cut.api.productPage(null)).rejects.toMatchObject({ code: 'unavailable' });
});

test.each(['', '<p>Welcome</p>', '../orders', null, undefined, 7])(
  'an invalid id has the code unexpected: %p',
  async (id) => {
    const { api } = apiThatAnswers(() => Response.json({ ...placed, payment_id: id }));
    await expect(api.startCheckout(checkout)).rejects.toMatchObject({ code: 'unexpected' });
  },
);

test('an answer that is not JSON has the code unexpected', async () => {
  const { api } = apiThatAnswers(() => new Response('<!doctype html>'));
  const error: unknown = await api.productPage(null).catch((caught: unknown) => caught);
  expect(failureCode(error)).toBe('unexpected');
});
