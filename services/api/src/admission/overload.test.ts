import type { PlacedOrder } from '@widget-store/contract';
import type { ProblemBody } from '../openapi/schemas';
import { Admission } from './admission';
import { createApp } from '../app';
import { readCart } from '../cart';

const limits = { perMinute: 1000, webhooksPerMinute: 1000, browsingPerMinute: 1000, trustedProxyHops: 0 };
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

/** An api with room for one checkout, whose Temporal never answers. */
function busyApi() {
  const started: string[] = [];
  const store = {
    findPlacedOrder: (key: string) => Promise.resolve(key === 'placed' ? placed : undefined),
    listProducts: () => Promise.resolve([{ productId: 1, currency: 'EUR' }]),
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
    runs: { ...options, temporal, store, admission, currencies: new Map() },
    operations: { webUi: {} },
    store,
    acceptUnsigned: true,
    dependencies: {},
    metrics: { observe: () => {} },
    rateLimits: limits,
    corsOrigins: [],
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

/** Takes the only place, and every place in the queue. */
async function fill({ send, admission }: ReturnType<typeof busyApi>): Promise<void> {
  for (let index = 0; index < 201; index++) void send('POST', `/checkout/waiting-${index}`);
  await jest.advanceTimersByTimeAsync(0);
  expect(admission.state()).toEqual({ limit: 1, running: 1, waiting: 200 });
}

describe('an api that has all the checkouts it can take', () => {
  let api: ReturnType<typeof busyApi>;
  beforeEach(async () => {
    jest.useFakeTimers();
    api = busyApi();
    await fill(api);
  });
  afterEach(() => jest.useRealTimers());

  it('turns a new one away with 503, a moment to come back at, and nothing begun', async () => {
    const answer = await api.send('POST', '/checkout/stranger');
    const problem = (await answer.json()) as ProblemBody;
    expect([answer.status, problem.code, problem.retryable]).toEqual([503, 'overloaded', true]);
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
    expect(api.started).toEqual(['checkout/waiting-0']);
  });

  it('still says what is wrong with a request', async () => {
    const answer = await api.send('POST', '/checkout/stranger', { headers: json, body: '{"price": 1}' });
    expect(answer.status).toBe(422);
  });

  it('answers a key again that has its order, and refuses another cart under it', async () => {
    const again = await api.send('POST', '/checkout/placed');
    expect([again.status, await again.text()]).toEqual([200, placed.paymentId]);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    const body = '{"items":[{"product_id":1,"quantity":2}]}';
    const other = await api.send('POST', '/checkout/placed', { headers: json, body });
    expect(other.status).toBe(422);
  });

  it('takes webhooks, reads orders and says that it is alive', async () => {
    const webhook = await api.send('POST', `/payment_webhook/${placed.paymentId}/paid`);
    expect([webhook.status, await webhook.text()]).toEqual([200, 'ord_1']);
    expect((await api.send('GET', `/order/ord_${'0'.repeat(32)}`)).status).toBe(404);
    expect((await api.send('GET', '/healthz')).status).toBe(200);
    expect((await api.send('GET', '/readyz')).status).toBe(200);
  });
});
