import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { openBrowser, openVisitor } from '../storefront/browser';
import { eventually } from '../support/eventually';
import { contractAt, contractOf, type OpenApiDocument, type Operation } from '../support/http/openapi';
import { readRepositoryFile } from '../support/repositoryFile';
import { type Answer, type Shopper, shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

interface Example {
  name: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  operation: Operation;
}

function examplesOf({ paths }: OpenApiDocument): Example[] {
  return Object.entries(paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([verb, operation]) => {
      const valueOf = (name: string): string => {
        const example = operation.parameters?.find((parameter) => parameter.name === name)?.schema.example;
        if (example === undefined) throw new Error(`${operation.operationId} has no example of ${name}`);
        return encodeURIComponent(String(example));
      };
      const headers = (operation.parameters ?? []).filter((parameter) => parameter.in === 'header');
      const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
      const path = template.replaceAll(/\{(\w+)\}/g, (_match, name: string) => valueOf(name));
      const search = query.map(({ name }) => `${name}=${valueOf(name)}`).join('&');
      const body = operation.requestBody?.content['application/json'];
      if (operation.requestBody !== undefined && body?.example === undefined)
        throw new Error(`${operation.operationId} has no example of its body`);
      return {
        name: operation.operationId,
        method: verb.toUpperCase(),
        path: search === '' ? path : `${path}?${search}`,
        headers: Object.fromEntries(headers.map(({ name }) => [name, valueOf(name)])),
        body: body === undefined ? undefined : JSON.stringify(body.example),
        operation,
      };
    }),
  );
}

async function validate(document: OpenApiDocument): Promise<unknown> {
  const program = join(__dirname, '../support/http/validateOpenapi.mjs');
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [program], (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(error);
    });
    child.stdin?.end(JSON.stringify(document));
  });
}

describe.each(['in demo mode', 'outside demo mode'])('the OpenAPI document %s', (mode) => {
  const demo = mode === 'in demo mode';
  let store: TestStore;
  let shopper: Shopper;
  let document: OpenApiDocument;

  beforeAll(async () => {
    // The stores in and outside demo mode get the same idempotency keys, because the examples contain these keys. A
    // Temporal server starts only one checkout for a key, so each store has its own server. The codec routes exist only
    // in a store with encryption keys.
    const keys = demo ? {} : { PAYLOAD_ENCRYPTION_KEYS: `one:${randomBytes(32).toString('base64')}` };
    store = await startTestStore({ demo, ownServers: true, extraEnvironment: { api: keys, worker: keys } });
    shopper = shopperOf(store.apiUrl);
    document = contractAt(store.apiUrl).document;
  });
  afterAll(() => store.close());

  it('is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(await validate(document)).toEqual({ valid: true, version: '3.1', errors: [] });
  });

  it('has the version of the release', () => {
    const release: unknown = JSON.parse(readRepositoryFile('package.json'));
    expect(release).toMatchObject({ version: document.info.version });
  });

  it('is checked by a validator that finds mistakes', async () => {
    expect(await validate({ ...document, paths: { nonsense: {} } })).toMatchObject({ valid: false });
  });

  it.each(['text/plain', 'application/json'])('describes the %s response to a checkout', async (mediaType) => {
    const answer = await shopper.send('POST', `/checkout/as-${mediaType.replace('/', '-')}`, {
      headers: { Accept: mediaType },
    });
    expect([answer.status, answer.contentType.split(';')[0]]).toEqual([200, mediaType]);
  });

  it('has an example of every operation, and every example succeeds', async () => {
    const examples = examplesOf(document).toSorted((one, other) => rank(one) - rank(other));
    await placeOrders(examples);
    await payOrders(examples);
    const answers: [string, number][] = [];
    for (const example of examples) {
      // On a busy machine, the response can be 503, which asks the client to try again.
      const { status } = await eventually(
        () => send(example),
        (answer) => answer.status !== 503,
      );
      answers.push([example.name, status]);
    }
    expect(answers).toEqual(examples.map(({ name, operation }) => [name, successOf(operation)]));
    expect(answers.map(([name]) => name).includes('crash')).toBe(demo);
    expect(answers.map(([name]) => name).includes('decodePayloads')).toBe(!demo);
  });

  /** Ranks the examples: writes come first, then reads, and the operation `crash` last. */
  function rank({ name, method }: Example): number {
    if (name === 'crash') return 2;
    return method === 'GET' ? 1 : 0;
  }

  function successOf({ responses }: Operation): number {
    return Number(Object.keys(responses).find((status) => status.startsWith('2')));
  }

  function send({ method, path, headers: own, body, operation }: Example): Promise<Answer> {
    const headers: Record<string, string> = {
      ...own,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    };
    const isAlwaysSigned = operation.operationId === 'hearSandbox';
    const schemes = demo && !isAlwaysSigned ? [] : Object.keys(operation.security?.[0] ?? {});
    if (schemes.includes('adminToken')) headers['Authorization'] = `Bearer ${store.adminToken}`;
    if (schemes.includes('webhookSignature')) {
      const [id, at] = [`evt_${operation.operationId}`, new Date()];
      headers['webhook-id'] = id;
      headers['webhook-timestamp'] = String(Math.floor(at.getTime() / 1000));
      headers['webhook-signature'] = new Webhook(store.webhookSecret).sign(id, at, body ?? '');
    }
    if (isStream(operation)) return firstOfStream(path);
    return shopper.send(method, path, body === undefined ? { headers } : { headers, body });
  }

  const isStream = ({ responses }: Operation): boolean => responses[200]?.content?.['text/event-stream'] !== undefined;

  /** Reads only the first event of a stream, because a stream does not end. */
  async function firstOfStream(path: string): Promise<Answer> {
    const abort = new AbortController();
    const { status, headers, body } = await fetch(store.apiUrl + path, { signal: abort.signal });
    const first = await body?.getReader().read();
    abort.abort();
    const text = new TextDecoder().decode(first?.value);
    expect(text).toMatch(/^event: order\ndata: \{/);
    return { status, headers, contentType: headers.get('Content-Type') ?? '', text };
  }

  /**
   * Marks the orders in the examples of `requestRefund`, `returnItems` and `shipOrder` as paid. Nothing of an unpaid
   * order can be refunded, returned or shipped, and no example pays these orders. Also makes the order of `shipOrder` a
   * manual order that is ready to ship. Inserts the failed refund, the won dispute and the failed event that other
   * examples need.
   */
  async function payOrders(examples: Example[]): Promise<void> {
    const [toShip, ...others] = ['shipOrder', 'requestRefund', 'returnItems'].map(
      (operation) => examples.find(({ name }) => name === operation)?.path.split('/')[2] ?? '',
    );
    await store.sql`update orders set fulfilment = 'manual' where order_id = ${toShip ?? ''}`;
    for (const orderId of [toShip, ...others]) await store.store.markOrderPaid({ orderId: orderId ?? '' });
    await store.store.markReadyToShip({ orderId: toShip ?? '' });
    const [, , failedOrderId = '', , failedRefundId = ''] =
      examples.find(({ name }) => name === 'settleRefund')?.path.split('/') ?? [];
    await store.sql`
      insert into refunds (refund_id, order_id, amount_minor, status, source)
      values (${failedRefundId}, ${failedOrderId}, 1, 'failed', 'operator')`;
    const [, , , disputedOrderId = ''] = examples.find(({ name }) => name === 'keepMoney')?.path.split('/') ?? [];
    await store.sql`
      update orders set status = 'CANCELLED', cancel_reason = 'cancelled', payment_status = 'paid', captured_minor = 9999
      where order_id = ${disputedOrderId}`;
    await store.sql`
      insert into disputes (dispute_id, order_id, amount_minor, status, gateway_dispute_id, opened_at)
      values (${`dis_${'1'.repeat(32)}`}, ${disputedOrderId}, 9999, 'won', 'dp_1', now())`;
    const [, , , eventId = ''] = examples.find(({ name }) => name === 'redeliverEvent')?.path.split('/') ?? [];
    await store.sql`
      insert into outgoing_events (event_id, order_id, type, data, due_at, failed_at)
      values (${eventId}, ${failedOrderId}, 'order.paid', '{}', null, now())`;
  }

  /** Inserts a PENDING order for each number in the ids of the examples. `ord_x` and `pay_x` are ids of one order. */
  async function placeOrders(examples: Example[]): Promise<void> {
    const ids = new Set(examples.flatMap(({ path }) => /(?:ord|pay)_([0-9a-f]{32})/.exec(path)?.[1] ?? []));
    for (const id of ids) {
      await store.sql`
        with placed as (
          insert into orders (order_id, payment_id, idempotency_key, fingerprint, request_id, status, payment_status, total_minor, currency, expires_at)
          values (${`ord_${id}`}, ${`pay_${id}`}, ${`example-${id}`}, 'example', 'example', 'PENDING', 'pending', 9999, 'USD', now() + interval '1 hour')
          returning order_id
        ), item as (
          insert into order_items (order_id, product_id, name, quantity, unit_price_minor)
          select order_id, 1, 'Widget', 1, 9999 from placed
        ), taken as (
          update products set inventory = inventory - 1 where product_id = 1
        )
        insert into stock_movements (order_id, product_id, kind, quantity) select order_id, 1, 'hold', -1 from placed`;
    }
  }
});

describe('the API documentation page', () => {
  let store: TestStore;
  let browser: Browser;

  beforeAll(async () => {
    store = await startTestStore({ demo: false });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await store?.close();
  });

  it('shows every path, under a strict security policy and without requests to other sites', async () => {
    const visitor = await openVisitor(browser, store);
    const answer = await visitor.page.goto('/docs');
    expect(answer?.headers()['content-security-policy']).not.toContain('unsafe');
    const paths = Object.keys(contractAt(store.apiUrl).document.paths);
    for (const path of paths) {
      await visitor.page.locator(`.opblock-summary-path[data-path="${path}"]`).first().waitFor();
    }
    expect([visitor.complaints, visitor.foreignRequests]).toEqual([[], []]);
    await visitor.close();
  });

  it('can send a request', async () => {
    const visitor = await openVisitor(browser, store);
    const { page } = visitor;
    await page.goto('/docs');
    await page.locator('#operations-products-readProduct .opblock-summary-control').click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table').getByText('Premium Quality Widget').waitFor();
    expect([visitor.complaints, visitor.foreignRequests]).toEqual([[], []]);
    await visitor.close();
  });
});

describe('the contract check of every response', () => {
  const schema = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } };
  const { check } = contractOf({
    openapi: '3.1.0',
    info: { version: '0.1.0' },
    paths: {
      '/thing/{id}': {
        get: {
          operationId: 'thing',
          responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } } },
        },
      },
    },
    components: { schemas: { Thing: schema, Problem: { ...schema, properties: { code: { type: 'string' } } } } },
  });
  const answered = (text: string, { status = 200, contentType = 'application/json; charset=utf-8' } = {}) => {
    return () =>
      check({ method: 'GET', path: '/thing/a%2Fb?x' }, { status, contentType, headers: new Headers(), text });
  };

  it('accepts a response that the document describes', () => {
    expect(answered('{"id":1}')).not.toThrow();
  });

  it.each([
    ['a missing field', answered('{}'), 'required'],
    ['a wrong type', answered('{"id":"1"}'), 'integer'],
    ['an undocumented field', answered('{"id":1,"secret":2}'), 'unevaluated'],
    ['an undocumented status', answered('{"id":1}', { status: 201 }), 'is not documented'],
    ['an undocumented media type', answered('{"id":1}', { contentType: 'text/html' }), 'is not documented'],
    ['a 503 without Retry-After', answered('{}', { status: 503 }), 'Retry-After'],
  ])('rejects %s', (_what, answer, words) => {
    expect(answer).toThrow(words);
  });
});
