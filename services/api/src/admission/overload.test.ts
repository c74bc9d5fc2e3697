import type { PlacedOrder } from '@widget-store/contract';
import type { ProblemBody } from '../openapi/schemas';
import { Admission } from './admission';
import { createApp } from '../app';
import { readCart } from '../cart';

const limits = { perMinute: 1000, trustedProxyHops: 0 };
const json = { 'Content-Type': 'application/json' };
const placed: PlacedOrder = {
  orderId: 'ord_1',
  paymentId: `pay_${'0'.repeat(32)}`,
  status: 'PENDING',
  paymentStatus: 'pending',
  cancelReason: null,
  fingerprint: readCart('').fingerprint,
  requestId: 'earlier',
  totalMinor: 9999,
  currency: 'EUR',
  expiresAt: '2026-01-31T12:00:00.000Z',
  paymentWindowLeftMs: 1000,
};

/** An api that has room for one checkout. Its Temporal never answers. */
function busyApi() {
  const started: string[] = [];
  const store = {
    findPlacedOrder: (key: string) => Promise.resolve(key === 'placed' ? placed : undefined),
    readProducts: () => Promise.resolve([{ productId: 1, currency: 'EUR', onSale: true }]),
    readOrders: () => Promise.resolve([]),
    findCheckout: () => Promise.resolve({ orderId: 'ord_1', status: 'DISPATCHED' }),
  };
  const temporal = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    executeUpdateWithStart: (_update: unknown, { startWorkflowOperation }: { startWorkflowOperation: Started }) => {
      started.push(startWorkflowOperation.options.workflowId);
      return new Promise(() => {});
    },
  };
  const admission = new Admission({ value: 1, record: () => {} });
  const options = { taskQueue: 'test', paymentWindowMs: 1000, publicUrl: '', deadlineMs: 1000 };
  const app = createApp({
    runs: { ...options, temporal, store, admission, products: new Map() },
    operations: { webUi: {} },
    store,
    acceptUnsigned: true,
    dependencies: {},
    metrics: { observe: () => {} },
    rateLimits: limits,
    corsOrigins: [],
    imageOrigins: [],
    codec: undefined,
    storefrontRoot: '.',
  } as never);
  const send = async (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    app.request(path, { method, ...init }, { incoming: { socket: {} } });
  return { send, started, admission };
}

interface Started {
  options: { workflowId: string };
}

/** Starts one checkout, so that there is no more room, and then fills the queue. */
async function fill({ send, admission }: ReturnType<typeof busyApi>): Promise<void> {
  for (let index = 0; index < 201; index++) void send('POST', `/checkout/waiting-${index}`);
  await jest.advanceTimersByTimeAsync(0);
  expect(admission.state()).toEqual({ limit: 1, running: 1, waiting: 200 });
}

describe('an overloaded api', () => {
  let api: ReturnType<typeof busyApi>;
  beforeEach(async () => {
    jest.useFakeTimers();
    api = busyApi();
    await fill(api);
  });
  afterEach(() => jest.useRealTimers());

  it('refuses a new checkout with 503 and Retry-After, and starts nothing', async () => {
    const answer = await api.send('POST', '/checkout/stranger');
    const problem = (await answer.json()) as ProblemBody;
    expect([answer.status, problem.code, problem.retryable]).toEqual([503, 'overloaded', true]);
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
    expect(api.started).toEqual(['checkout/waiting-0']);
  });

  it('still validates requests', async () => {
    const answer = await api.send('POST', '/checkout/stranger', { headers: json, body: '{"price": 1}' });
    expect(answer.status).toBe(422);
  });

  it('repeats the answer of a key with a placed order, and refuses another cart for the key', async () => {
    const again = await api.send('POST', '/checkout/placed');
    expect([again.status, await again.text()]).toEqual([200, placed.paymentId]);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    const body = '{"items":[{"product_id":1,"quantity":2}]}';
    const other = await api.send('POST', '/checkout/placed', { headers: json, body });
    expect(other.status).toBe(422);
  });

  it('accepts webhooks, reads orders and is healthy', async () => {
    const webhook = await api.send('POST', `/payment_webhook/${placed.paymentId}/paid`);
    expect([webhook.status, await webhook.text()]).toEqual([200, 'ord_1']);
    expect((await api.send('GET', `/order/ord_${'0'.repeat(32)}`)).status).toBe(404);
    expect((await api.send('GET', '/healthz')).status).toBe(200);
    expect((await api.send('GET', '/readyz')).status).toBe(200);
  });
});
