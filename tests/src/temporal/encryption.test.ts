import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection, WorkflowClient } from '@temporalio/client';
import { exampleBuyers, type SupervisedProcess } from '@widget-store/dev';
import type { AnomaliesBody, OrderReportBody } from '@widget-store/api';
import { reconcileScheduleId } from '@widget-store/contract';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';
import { type FaultyProxy, startFaultyProxy } from '../support/network/faultyProxy';
import { type OtlpReceiver, startOtlpReceiver } from '../observability/otlpReceiver';
import { loadContract } from '../support/http/openapi';
import { quickDispatches, startTestStore, type TestStore } from '../support/store/store';

const run = promisify(execFile);
const newKeys = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
/** The address of the store is in the input of every run, so these tests use it in place of personal data. */
const publicUrlWith = (canary: string) => `http://${canary}.example`;
const canaries = { plain: 'baker-street-221b', encrypted: 'privet-drive-4' };
const uiOrigin = 'http://temporal-ui.example';

interface ReadPayload {
  metadata?: Record<string, string>;
  data?: string;
}

/** The tests read the files of a Temporal server, as a thief of its disk could. */
describe('payload encryption', () => {
  const keys = newKeys('2026-11');
  let store: TestStore;
  let till: Till;
  let traces: OtlpReceiver;
  let gatewayProxy: FaultyProxy;
  let openedBefore: Charge;
  let encrypted: Charge;

  beforeAll(async () => {
    const PUBLIC_URL = publicUrlWith(canaries.plain);
    traces = await startOtlpReceiver();
    gatewayProxy = await startFaultyProxy(() => store.gatewayUrl);
    const both = { PUBLIC_URL, OTEL_EXPORTER_OTLP_ENDPOINT: traces.url };
    store = await startTestStore({
      ownServers: true,
      demo: false,
      worker: quickDispatches,
      extraEnvironment: { api: both, worker: { ...both, COLLECT_ADDRESS: 'GB', GATEWAY_URL: gatewayProxy.url } },
    });
    till = await openTill(store);
  });
  afterAll(async () => {
    await store.close();
    await gatewayProxy.close();
    await traces.close();
  });

  const stored = async (): Promise<string> => {
    const names = (await readdir(store.dataDir)).filter((name) => name.startsWith('temporal.db'));
    expect(names).toContain('temporal.db-wal');
    return (await Promise.all(names.map((name) => readFile(join(store.dataDir, name), 'latin1')))).join('');
  };
  const auth = () => ({ Authorization: `Bearer ${store.adminToken}` });
  const json = { 'Content-Type': 'application/json' };
  const statusOf = async ({ orderId }: Charge) => (await till.shopper.order(orderId)).status;

  /** Replaces a service with a process that has other variables and the same port, as a rollout does. */
  async function replace(
    service: 'api' | 'worker',
    extraEnvironment: Record<string, string>,
  ): Promise<SupervisedProcess> {
    const port = Number(new URL(service === 'api' ? store.apiUrl : store.workerUrl).port);
    await store.processes[service].stop();
    return store.startReplica(service, { name: `${service} with keys`, port, extraEnvironment });
  }

  const codec = async (verb: string, payloads: ReadPayload[] | undefined, headers: Record<string, string> = auth()) => {
    const init = { headers: { ...json, 'X-Namespace': 'default', ...headers }, body: JSON.stringify({ payloads }) };
    const { status, text } = await till.shopper.send('POST', `/codec/${verb}`, init);
    return { status, body: JSON.parse(text) as { payloads: ReadPayload[]; code?: string; detail?: string } };
  };
  const textOf = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64').toString();
  const inBase64 = (text: string) => Buffer.from(text).toString('base64');

  it('is off without keys: inputs are readable in the database, and there is no codec', async () => {
    openedBefore = await till.charge();
    expect(await stored()).toContain(canaries.plain);
    expect((await till.shopper.send('POST', '/codec/decode', { headers: auth() })).status).toBe(404);
  });

  it('is not needed for personal data, because this data is only in Postgres, even after failures', async () => {
    const person = exampleBuyers.find(({ country }) => country === 'GB');
    const personal = [person?.name, person?.email, person?.line1, person?.phone].map(String);
    const pay = async (meanwhile?: (charge: Charge) => void) => {
      const charge = await till.open();
      meanwhile?.(charge);
      await till.pay(charge);
      expect((await till.tell(charge, 'paid')).status).toBe(200);
      return charge;
    };
    const buyerOf = (method: string, { orderId }: Charge) =>
      till.shopper.send(method, `/ops/orders/${orderId}/buyer`, { headers: auth() });
    const untilSaid = (text: string) => eventually(() => store.lines.some((line) => line.includes(text)), Boolean);
    const untilDispatched = (charge: Charge) =>
      eventually(
        () => statusOf(charge),
        (status) => status === 'DISPATCHED',
      );

    // The write to `buyers` fails, and the detail of the error contains the whole row.
    await store.sql`alter table buyers add constraint refused_by_test check (false)`;
    const refused = await pay();
    await untilSaid('refused_by_test');
    const cancelled = await pay();
    expect((await till.cancel(cancelled)).status).toBe(200);
    await store.sql`alter table buyers drop constraint refused_by_test`;
    // The gateway answers, but the proxy replaces the answer with a 500.
    const silent = await pay(({ paymentId }) =>
      gatewayProxy.break('answering 500 after having done it', `${paymentId}/buyer`),
    );
    await eventually(() => gatewayProxy.met(`${silent.paymentId}/buyer`) > 0, Boolean);
    gatewayProxy.mend(`${silent.paymentId}/buyer`);
    const sent = await pay();
    for (const charge of [refused, silent, sent]) {
      await untilDispatched(charge);
      expect((await buyerOf('GET', charge)).text).toContain(person?.email);
    }
    const search = { headers: { ...auth(), ...json }, body: JSON.stringify({ text: person?.email }) };
    const { text: found } = await till.shopper.send('POST', '/ops/orders/search', search);
    expect((JSON.parse(found) as unknown[]).length).toBeGreaterThanOrEqual(3);
    expect((await buyerOf('DELETE', sent)).status).toBe(200);
    await till.checkoutAgain(sent);

    const metrics = await (await fetch(`${store.workerUrl}/metrics`)).text();
    await eventually(stored, (text) => text.includes(`dispatch/${sent.orderId}`));
    await eventually(() => traces.bodies.join().includes('dispatchOrder'), Boolean);
    const places = { temporal: await stored(), log: store.lines.join(), traces: traces.bodies.join(), metrics };
    for (const [place, text] of Object.entries(places)) {
      expect([place, personal.filter((canary) => text.includes(canary))]).toEqual([place, []]);
    }
  });

  it('is enabled by one variable, and open runs continue', async () => {
    const variables = {
      PAYLOAD_ENCRYPTION_KEYS: keys,
      RECONCILE_EVERY_MS: '1000',
      RECONCILE_GRACE_MS: '500',
      PUBLIC_URL: publicUrlWith(canaries.encrypted),
    };
    await Promise.all([
      replace('worker', variables),
      replace('api', { ...variables, TEMPORAL_UI_URL: `${uiOrigin}/ui` }),
    ]);
    await loadContract(store.apiUrl);
    await till.tell(openedBefore, 'paid');
    expect(await statusOf(openedBefore)).toBe('PAID');
  });

  it('leaves no readable input in the database', async () => {
    encrypted = await till.charge();
    await till.tell(encrypted, 'paid');
    await till.checkoutAgain(encrypted);
    const declined = await till.open();
    await till.tell(declined, 'failed');
    await eventually(stored, (text) => text.includes(`dispatch/${encrypted.orderId}`));
    const text = await stored();
    expect(text).toContain(declined.orderId);
    expect(text).not.toContain(canaries.encrypted);
    expect(text).not.toContain(keys.split(':')[1]);
    expect(store.lines.join('\n')).not.toContain(keys.split(':')[1]);
  });

  it('leaves only search attributes and the markers of the SDK readable', async () => {
    const { workflowClient, connection, close } = await openPlainClient(store.temporalAddress);
    const places = new Set<string>();
    for (const id of [`checkout/${encrypted.key}`, `dispatch/${encrypted.orderId}`]) {
      const { events } = await workflowClient.getHandle(id).fetchHistory();
      for (const event of events ?? []) plainPlacesIn(event).forEach((place) => places.add(place));
    }
    const { schedule } = await connection.workflowService.describeSchedule({
      namespace: 'default',
      scheduleId: reconcileScheduleId(store.taskQueue),
    });
    await close();
    expect(plainPlacesIn(schedule ?? {})).toEqual([]);
    expect([...places].toSorted()).toEqual([
      'markerRecordedEventAttributes.details.data',
      'startChildWorkflowExecutionInitiatedEventAttributes.searchAttributes',
      'upsertWorkflowSearchAttributesEventAttributes.searchAttributes',
      'workflowExecutionStartedEventAttributes.searchAttributes',
    ]);
  });

  it('is transparent for the operations API', async () => {
    const { text } = await till.shopper.send('GET', `/ops/orders/${encrypted.orderId}`, { headers: auth() });
    const { timeline, runs } = JSON.parse(text) as OrderReportBody;
    expect(runs.map(({ state }) => state)).not.toContain('unavailable');
    const signal = timeline.find(({ title }) => title === 'Signal payment');
    expect(signal?.detail).toMatch(/^paid, /);
    expect(timeline.map(({ title }) => title)).toContain('Done: create the order and reserve its stock');
    // The reconciler finds this payment, which has no webhook. The result of the reconciler's run is also encrypted.
    const withoutWebhook = await till.charge();
    await eventually(
      async () =>
        JSON.parse((await till.shopper.send('GET', '/ops/anomalies', { headers: auth() })).text) as AnomaliesBody,
      ({ anomalies }) => anomalies.some(({ order_id: orderId }) => orderId === withoutWebhook.orderId),
    );
    await eventually(
      () => statusOf(withoutWebhook),
      (status) => status === 'PAID',
    );
  });

  it('is undone by the codec only for callers with the admin token', async () => {
    const { workflowClient, close } = await openPlainClient(store.temporalAddress);
    const { events } = await workflowClient.getHandle(`checkout/${encrypted.key}`).fetchHistory();
    await close();
    const [started] = events ?? [];
    const input = started?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    const summary = started?.userMetadata?.summary;
    const asJson = [input, summary].map((payload) => ({
      metadata: Object.fromEntries(
        Object.entries(payload?.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
      ),
      data: Buffer.from(payload?.data ?? []).toString('base64'),
    }));
    expect(asJson.map(({ metadata }) => textOf(metadata['encoding']))).toEqual(Array(2).fill('binary/encrypted'));
    const decoded = await codec('decode', asJson);
    expect(decoded.status).toBe(200);
    expect(decoded.body.payloads.map(({ metadata }) => textOf(metadata?.['encoding']))).toEqual(
      Array(2).fill('json/plain'),
    );
    expect(JSON.parse(textOf(decoded.body.payloads[0]?.data))).toMatchObject({
      idempotencyKey: encrypted.key,
      publicUrl: publicUrlWith(canaries.encrypted),
    });
    const again = await codec('encode', decoded.body.payloads);
    expect((await codec('decode', again.body.payloads)).body).toEqual(decoded.body);
    expect(again.body).not.toEqual(decoded.body);

    const refused = await Promise.all([
      codec('decode', asJson, {}),
      codec('decode', asJson, { Authorization: `Bearer ${store.adminToken}x` }),
      codec('encode', decoded.body.payloads, {}),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([401, 403, 401]);
  });

  it('is undone by the codec for the Temporal CLI', async () => {
    const login = ['--codec-endpoint', `${store.apiUrl}/codec`, '--codec-auth', `Bearer ${store.adminToken}`];
    const show = async (options: string[]): Promise<string> => {
      const args = ['workflow', 'show', '--workflow-id', `checkout/${encrypted.key}`, '--output', 'json'];
      const env = { TEMPORAL_ADDRESS: store.temporalAddress, HOME: store.dataDir };
      const { stdout } = await run(sharedServers().temporalBinary, [...args, ...options], { env });
      return [...stdout.matchAll(/"data": "(?<data>[^"]+)"/g)].map(({ groups }) => textOf(groups?.['data'])).join();
    };
    expect(await show([])).not.toContain(publicUrlWith(canaries.encrypted));
    expect(await show(login)).toContain(publicUrlWith(canaries.encrypted));
  });

  it('names a missing key, and refuses invalid payloads', async () => {
    const metadata = { encoding: inBase64('binary/encrypted'), 'encryption-key-id': inBase64('2020-01') };
    const { status, body } = await codec('decode', [{ metadata, data: inBase64('anything') }]);
    expect([status, body.code]).toEqual([422, 'payload_key_unknown']);
    expect(body.detail).toContain('2020-01');
    expect((await codec('decode', [{ data: 'no base64!' }])).body.code).toBe('invalid_payloads');
    expect((await codec('decode', undefined)).body).toEqual({ payloads: [] });
    const megabyte = 'A'.repeat(2 * 1024 * 1024);
    expect((await codec('encode', [{ data: megabyte }])).status).toBe(200);
  });

  it('allows browsers to call the codec only from the Temporal Web UI', async () => {
    const preflight = async (origin: string) => {
      const headers = {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type,x-namespace',
      };
      const response = await fetch(`${store.apiUrl}/codec/decode`, { method: 'OPTIONS', headers });
      return ['Origin', 'Headers', 'Credentials'].map((name) => response.headers.get(`Access-Control-Allow-${name}`));
    };
    expect(await preflight(uiOrigin)).toEqual([uiOrigin, 'authorization,content-type,x-namespace', 'true']);
    expect((await preflight('http://other.example'))[0]).toBeNull();
  });
});

async function openPlainClient(address: string) {
  const connection = await Connection.connect({ address });
  return { workflowClient: new WorkflowClient({ connection }), connection, close: () => connection.close() };
}

/**
 * Returns the place of each unencrypted payload: the property names on the path to it, without `payloads`. For a
 * search attribute, returns only the first two names.
 */
function plainPlacesIn(value: object, path: string[] = []): string[] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (typeof member !== 'object' || member === null || member instanceof Uint8Array) return [];
    const encoding: unknown = Reflect.get(Reflect.get(member, 'metadata') ?? {}, 'encoding');
    if (!(encoding instanceof Uint8Array)) return plainPlacesIn(member, [...path, name]);
    if (Buffer.from(encoding).toString() === 'binary/encrypted') return [];
    const known = [...path, name].filter((part) => !/^\d+$|^payloads$/.test(part));
    return [known.includes('searchAttributes') ? known.slice(0, 2).join('.') : known.join('.')];
  });
}
