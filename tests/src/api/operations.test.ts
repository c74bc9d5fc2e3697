import { createServer, type Socket } from 'node:net';
import type {
  AnomaliesBody,
  AttentionItemBody,
  OpsOrderBody,
  OrderCountsBody,
  OrderReportBody,
} from '@widget-store/api';
import { ownRefundId, refundWorkflowId } from '@widget-store/contract';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { eventually } from '../support/eventually';
import { noReconcilingMs } from '../support/temporal/reconciling';
import { bearer, json, problemOf, shopperOf } from '../support/http/shopper';
import { untilReplaced } from '../support/servers/processes';
import { quickDispatches, startTestStore, type TestStore } from '../support/store/store';

const uiUrl = 'http://temporal.example';
const calls = ['/ops/orders', `/ops/orders/ord_${'0'.repeat(32)}`, '/ops/summary', '/ops/anomalies'];

/** The HTTP API through which engineers see orders. The store has its own servers, because one test stops Temporal. */
describe('the operations API outside demo mode', () => {
  let store: TestStore;
  let till: Till;

  beforeAll(async () => {
    const api = { TEMPORAL_UI_URL: uiUrl };
    // One test expects no anomalies before the first run of the reconciler, so its Schedule must start no run.
    const variables = { RECONCILE_EVERY_MS: String(noReconcilingMs()) };
    store = await startTestStore({
      demo: false,
      ownServers: true,
      worker: quickDispatches,
      extraEnvironment: { api, worker: variables },
    });
    till = await openTill(store);
  });
  afterAll(() => store.close());

  const get = (path: string, token = store.adminToken) => till.shopper.send('GET', path, { headers: bearer(token) });
  async function read<T>(path: string): Promise<T> {
    const answer = await get(path);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return JSON.parse(answer.text) as T;
  }
  const report = ({ orderId }: Charge) => read<OrderReportBody>(`/ops/orders/${orderId}`);
  const reportWhen = (charge: Charge, accept: (seen: OrderReportBody) => boolean) =>
    eventually(() => report(charge), accept);
  const search = (query: Record<string, string>) =>
    read<OpsOrderBody[]>(`/ops/orders?${new URLSearchParams(query).toString()}`);
  const linesOf = ({ timeline }: OrderReportBody) => timeline.map(({ source, title }) => `${source}: ${title}`);
  const urlOf = (workflowId: string) => `${uiUrl}/namespaces/default/workflows/${encodeURIComponent(workflowId)}`;

  async function paid(): Promise<Charge> {
    const charge = await till.charge();
    await till.tell(charge, 'paid');
    return charge;
  }

  it.each(calls)('GET %s requires the admin token', async (path) => {
    const none = await till.shopper.send('GET', path);
    const wrong = await get(path, 'wrong');
    expect([none, wrong].map((answer) => [answer.status, problemOf(answer).code])).toEqual([
      [401, 'admin_token_missing'],
      [403, 'admin_token_wrong'],
    ]);
    expect([200, 404]).toContain((await get(path)).status);
  });

  it.each(['api', 'worker'])('POST /ops/crash/%s does not exist', async (name) => {
    const answer = await till.shopper.send('POST', `/ops/crash/${name}`, { headers: bearer(store.adminToken) });
    expect([answer.status, problemOf(answer).code]).toEqual([404, 'not_found']);
  });

  it('finds an order by its number, id, payment id or key, but not by a part of its id', async () => {
    const charge = await till.open();
    const { order_number: number } = await till.shopper.order(charge.orderId);
    const typed = number.replace('-', ' ').toLowerCase();
    for (const query of [charge.orderId, charge.paymentId, charge.key, ` ${charge.key} `, number, typed]) {
      const found = await search({ query });
      expect(found.map((order) => [order.order_id, order.idempotency_key])).toEqual([[charge.orderId, charge.key]]);
    }
    expect(await search({ query: charge.orderId.slice(0, -1) })).toEqual([]);
    expect(await search({ query: `${number.slice(0, -1)}U` })).toEqual([]);
    expect(await search({ query: "' or true --" })).toEqual([]);
    expect(await search({ query: charge.key, status: 'PAID' })).toEqual([]);
    expect((await search({ query: charge.key, status: 'PENDING' })).length).toBe(1);
  });

  it('lists the orders of a status page by page, and counts them', async () => {
    const charges = [await till.open(), await till.open(), await till.open()];
    for (const charge of charges) await till.cancel(charge);
    const cancelled = (await search({ status: 'CANCELLED', limit: '100' })).map((order) => order.order_id);
    expect(cancelled.slice(0, 3)).toEqual(charges.map(({ orderId }) => orderId).toReversed());

    const paged: string[] = [];
    for (let next: string | undefined = '/ops/orders?status=CANCELLED&limit=2'; next !== undefined;) {
      const answer = await get(next);
      paged.push(...(JSON.parse(answer.text) as OpsOrderBody[]).map((order) => order.order_id));
      next = /<(.+)>; rel="next"/.exec(answer.headers.get('Link') ?? '')?.[1];
    }
    expect(paged).toEqual(cancelled);
    const counts = await read<OrderCountsBody>('/ops/summary');
    expect(counts.CANCELLED).toBe(cancelled.length);
  });

  it.each(['status=OTHER', 'limit=0', 'cursor=x', `query=${'x'.repeat(201)}`])(
    '%s: 400 invalid_page',
    async (query) => {
      const answer = await get(`/ops/orders?${query}`);
      expect([answer.status, problemOf(answer).code]).toEqual([400, 'invalid_page']);
    },
  );

  it('reports the timeline of a paid order, with its webhook and both of its runs', async () => {
    const charge = await paid();
    const seen = await reportWhen(
      charge,
      ({ order, runs }) =>
        order.status === 'DISPATCHED' && runs.length === 2 && runs.every((run) => run.state === 'completed'),
    );
    const lines = linesOf(seen);
    const story = [
      'order: Order placed, awaiting payment',
      'stock: Reserved for an order: 1 × Premium Quality Widget',
      'payment: Payment pending → paid',
      'order: Order awaiting payment → paid',
      'order: Order paid → shipped',
    ];
    expect(lines.filter((line) => !line.startsWith('workflow'))).toEqual(story);
    const told = ['Run started', 'Done: create the order and reserve its stock', 'Signal payment'];
    const dispatch = ['Done: mark the order paid', `Started dispatch/${charge.orderId}`, 'Run completed'];
    for (const title of [...told, ...dispatch]) expect(lines).toContain(`workflow: ${title}`);
    expect(lines).toContain('workflow: Done: tick the order from 10 to 0, or make it ready to ship');
    const webhook = seen.timeline.find(({ source, title }) => source === 'payment' && title.endsWith('paid'))?.detail;
    expect(webhook).toMatch(/^event \S+/);
    const times = seen.timeline.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(seen.runs).toEqual(
      [`checkout/${charge.key}`, `dispatch/${charge.orderId}`].map((id) => ({
        workflow_id: id,
        state: 'completed',
        url: urlOf(id),
      })),
    );
  });

  it('every run of an order links to the operations page of the order', async () => {
    const charge = await paid();
    await till.cancel(charge);
    const { runs } = await reportWhen(
      charge,
      (seen) => seen.runs.filter((run) => run.state === 'completed').length === 3,
    );
    const link = `[Operations page of the order](${store.apiUrl}/ops/order/${charge.orderId})`;
    for (const { workflow_id: id } of runs) {
      const handle = store.workflows.getHandle(id);
      expect(await (await handle.describe()).staticDetails()).toBe(link);
      const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
      expect(currentDetails).toMatch(/^[A-Z][^\n]+[.]\n\n/);
      expect(currentDetails).toContain(link);
    }
  });

  it('reports that the stock of a cancelled order was released', async () => {
    const charge = await till.open();
    await till.cancel(charge);
    const seen = await reportWhen(charge, ({ runs }) => runs[0]?.state === 'completed');
    expect(linesOf(seen).filter((line) => !line.startsWith('workflow'))).toEqual([
      'order: Order placed, awaiting payment',
      'stock: Reserved for an order: 1 × Premium Quality Widget',
      'payment: Payment pending → cancelled',
      'order: Order awaiting payment → cancelled',
      'stock: Released: 1 × Premium Quality Widget',
    ]);
    expect(linesOf(seen)).toContain('workflow: Update cancel');
    expect(seen.runs.map((run) => run.workflow_id)).toEqual([`checkout/${charge.key}`]);
  });

  it('reports the amount of a refund and its run', async () => {
    const charge = await paid();
    await till.cancel(charge);
    const refundRun = refundWorkflowId(ownRefundId(charge.orderId));
    // A report reads the order first and its runs afterwards, so the two can differ for a moment.
    const seen = await reportWhen(
      charge,
      ({ order, runs }) =>
        order.payment_status === 'refunded' &&
        runs.some((run) => run.workflow_id === refundRun && run.state === 'completed'),
    );
    expect(
      linesOf(seen)
        .filter((line) => !line.startsWith('workflow'))
        .slice(4),
    ).toEqual([
      'payment: Payment paid → refunding',
      'order: Order paid → cancelled',
      'stock: Released: 1 × Premium Quality Widget',
      'payment: Refund of 99.99 USD requested by the cancellation',
      'payment: Payment refunding → refunded',
      'payment: Refunded 99.99 USD',
    ]);
    expect(seen.runs.map((run) => run.workflow_id)).toEqual([
      `checkout/${charge.key}`,
      `dispatch/${charge.orderId}`,
      refundRun,
    ]);
  });

  it('lists a failed refund until another refund replaces it or an operator has paid the shopper in another way', async () => {
    const charge = await paid();
    const { orderId } = charge;
    const [replaced = '', settled = ''] = ['1', '2'].map((digit) => `ref_${digit.repeat(32)}`);
    await store.sql`
      insert into refunds (refund_id, order_id, amount_minor, status, source)
      select refund_id, ${orderId}, 2000, 'failed', 'operator' from unnest(${[replaced, settled]}::text[]) as refund_id`;
    const post = (path: string, key: string, body: object = {}) => {
      const headers = { ...bearer(store.adminToken), ...json, 'Idempotency-Key': key };
      return till.shopper.send('POST', `/order/${orderId}/refunds${path}`, { headers, body: JSON.stringify(body) });
    };
    const settle = (refundId: string, note = 'Bank transfer') => post(`/${refundId}/settle`, 'unused', { note });
    const listed = async () => {
      const { items } = await read<{ items: AttentionItemBody[] }>('/ops/attention');
      return items.flatMap((item) => (item.order_id === orderId ? [item.refund_id ?? ''] : [])).toSorted();
    };
    const shown = async () => (await till.shopper.order(orderId)).refunds.map(({ refund_id: id }) => id).toSorted();
    const both = [replaced, settled];
    expect([await listed(), await shown()]).toEqual([both, both]);

    const asked = { amount_minor: 2000, replaces: replaced };
    const { refund_id: newId } = JSON.parse((await post('', 'replace', asked)).text) as { refund_id: string };
    expect((await post('', 'replace', asked)).headers.get('Idempotent-Replayed')).toBe('true');
    expect(problemOf(await post('', 'replace', { amount_minor: 2000 })).code).toBe('idempotency_key_reused');
    for (const refused of [await post('', 'again', asked), await settle(replaced), await settle(newId)]) {
      expect([refused.status, problemOf(refused).code]).toEqual([409, 'refund_not_settleable']);
    }
    expect(await listed()).toEqual([settled]);

    for (const { status, text } of [await settle(settled), await settle(settled, 'Cash')]) {
      expect([status, JSON.parse(text)]).toMatchObject([200, { refund_id: settled, settled_by: 'outside' }]);
    }
    expect([await listed(), await shown()]).toEqual([[], [newId]]);
    const { order: reported, timeline } = await report(charge);
    const { refunds } = reported;
    expect(timeline.find(({ source }) => source === 'operator')?.detail).toBe('Bank transfer');
    expect(reported.paid_another_way).toMatchObject([{ refund_id: settled, amount_minor: 2000 }]);
    expect(Object.fromEntries(refunds.map(({ refund_id: id, settled_by: by }) => [id, by]))).toEqual({
      [replaced]: newId,
      [settled]: 'outside',
      [newId]: null,
    });
    const unknown = await settle(`ref_${'0'.repeat(32)}`);
    expect([unknown.status, problemOf(unknown).code]).toEqual([404, 'refund_unknown']);
  });

  it('has no anomalies before the reconciler has run', async () => {
    expect(await read<AnomaliesBody>('/ops/anomalies')).toMatchObject({ checked_at: null, found: {}, anomalies: [] });
  });

  it('reports the data in Postgres while Temporal is down, and marks the runs as unavailable', async () => {
    const charge = await till.open();
    await till.cancel(charge);
    await store.processes.temporal?.stop();
    const seen = await report(charge);
    expect(seen.order.status).toBe('CANCELLED');
    expect(seen.runs.map((run) => run.state)).toContain('unavailable');
    expect(linesOf(seen)).toContain('stock: Released: 1 × Premium Quality Widget');
    const answer = await get('/ops/anomalies');
    expect([answer.status, problemOf(answer).code]).toEqual([503, 'temporal_unavailable']);
    const { request_id: requestId } = problemOf(answer);
    const told = await eventually(
      () => store.lines.find((line) => line.includes(requestId)),
      (line) => line !== undefined,
    );
    expect(told).toContain('"code":"temporal_unavailable"');

    // This server accepts connections and never answers, so the api waits until its own deadline.
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    const [, port] = store.temporalAddress.split(':');
    await new Promise<void>((listening) => silent.listen(Number(port), '127.0.0.1', listening));
    expect((await report(charge)).runs.map((run) => run.state)).toContain('unavailable');
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => silent.close(closed));
  });
});

describe('the operations API in demo mode', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store.close());

  it('requires no token', async () => {
    const { send } = shopperOf(store.apiUrl);
    const answers = await Promise.all(calls.map((path) => send('GET', path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200, 200]);
  });

  it('marks runs that Temporal does not know as not found', async () => {
    const { send } = shopperOf(store.apiUrl);
    const orderId = `ord_${'1'.repeat(32)}`;
    await store.sql`
      with placed as (
        insert into orders (order_id, payment_id, idempotency_key, fingerprint, request_id, status, payment_status, total_minor, captured_minor, currency, expires_at)
        values (${orderId}, ${`pay_${'1'.repeat(32)}`}, ${`forgotten-${Date.now()}`}, '', '', 'PAID', 'paid', 9999, 9999, 'USD', now())
        returning order_id
      )
      insert into order_items (order_id, product_id, name, quantity, unit_price_minor)
      select order_id, 1, 'Widget', 1, 9999 from placed`;
    const { runs } = JSON.parse((await send('GET', `/ops/orders/${orderId}`)).text) as OrderReportBody;
    expect(runs.map(({ state }) => state)).toEqual(['not_found', 'not_found']);
  });

  it.each(['api', 'worker'] as const)('crashes only the %s', async (name) => {
    const other = store.processes[name === 'api' ? 'worker' : 'api'];
    const { pid } = other;
    await untilReplaced([store.processes[name]], async () => {
      const { status, text } = await shopperOf(store.apiUrl).send('POST', `/ops/crash/${name}`);
      expect([status, text]).toEqual([200, 'crashing']);
    });
    await store.processes[name].whenReady({ deadlineMs: 60_000 });
    expect(other.pid).toBe(pid);
  });

  it('crashes no other process', async () => {
    const { status } = await shopperOf(store.apiUrl).send('POST', '/ops/crash/postgres');
    expect(status).toBe(404);
  });
});
