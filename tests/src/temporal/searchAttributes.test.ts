import { readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import {
  freePort,
  inheritedEnvironment,
  supervise,
  type SupervisedProcess,
  temporaryDirectory,
} from '@widget-store/dev';
import { NativeConnection } from '@temporalio/worker';
import { searchAttributeNames } from '@widget-store/contract';
import { paymentSignal } from '@widget-store/workflows/messages';
import { ensureSearchAttributes, type SearchAttributesDeps } from '@widget-store/worker';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';
import { lateRefund } from '../support/gateway/gateway';
import { openWorkflowBench, type WorkflowBench } from '../support/temporal/workflows';

const run = promisify(execFile);

describe('list queries', () => {
  let bench: WorkflowBench;
  let queries: Record<string, string>;

  beforeAll(async () => {
    bench = await openWorkflowBench();
    queries = await documentedQueries();
  });
  afterAll(() => bench.close());

  async function list(query: string): Promise<string[]> {
    const { temporalBinary, temporalAddress } = sharedServers();
    const options = ['--address', temporalAddress, '--output', 'json', '--limit', '1000', '--query', query];
    const { stdout } = await run(temporalBinary, ['workflow', 'list', ...options]);
    return (JSON.parse(stdout || '[]') as { execution: { workflowId: string } }[]).map(
      (found) => found.execution.workflowId,
    );
  }
  const listed = (name: string, id: string, change = (query: string) => query) => {
    const query = queries[name];
    if (query === undefined) throw new Error(`docs/operations.md has no query "${name}"`);
    return eventually(
      () => list(change(query)),
      (ids) => ids.includes(id),
    );
  };

  it('of docs/operations.md find the runs in each state', async () => {
    const open = await bench.checkout();
    // The query in the document contains a date in the past, so it would not find this order.
    const soon = new Date(Date.now() + 60_000).toISOString();
    const query = queries['Orders that have waited for their payment longer than the window'] ?? '';
    expect(query).toMatch(/StartTime < '[^']+'/);
    const later = (text: string) => text.replace(/StartTime < '[^']+'/, `StartTime < '${soon}'`);
    await listed('Orders that have waited for their payment longer than the window', open.run.workflowId, later);
    expect(await list(query)).not.toContain(open.run.workflowId);

    const paid = await bench.checkout();
    await paid.run.signal(paymentSignal, { status: 'paid' });
    const { orderId } = (await paid.run.result()) as { orderId: string };
    await listed('Paid orders with a running dispatch', `dispatch/${orderId}`);
    await listed('All runs of one order', paid.run.workflowId, (text) => text.replace(/ord_\w+/, orderId));
    await bench.refund(lateRefund({ orderId }));

    // No worker polls this task queue, so the run stays open.
    const waiting = await bench.client.start('refund', {
      taskQueue: 'nobody',
      workflowId: `refund/ref_${'0'.repeat(32)}${Date.now()}`,
      args: [lateRefund({ orderId })],
      searchAttributes: { OrderId: [orderId], PaymentStatus: ['refunding'] },
    });
    await listed('Refunds that are not complete', waiting.workflowId);
    await waiting.terminate('the test is over');
    await listed('Runs that ended with an error', waiting.workflowId);
  });
});

/** Returns the queries of `docs/operations.md`, by description. */
async function documentedQueries(): Promise<Record<string, string>> {
  const text = await readFile(join(__dirname, '../../../docs/operations.md'), 'utf8');
  const rows = text.matchAll(/^\| (?<name>[^|`]+?) \| `(?<query>[^`]+)` \|$/gm);
  return Object.fromEntries([...rows].map(({ groups }) => [groups?.['name'] ?? '', groups?.['query'] ?? '']));
}

describe('a namespace without the search attributes', () => {
  let server: SupervisedProcess | undefined;
  const warnings: unknown[] = [];
  const log = { info: () => {}, warn: (warning: unknown) => void warnings.push(warning) };
  const ensure = (connection: SearchAttributesDeps['connection']) =>
    ensureSearchAttributes({ connection, namespace: 'default', stop: new AbortController().signal, log });
  afterEach(() => server?.stop());

  it('gets them from the workers, whether these start together or one after another', async () => {
    const directory = await temporaryDirectory();
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const args = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)];
    server = supervise({
      name: 'temporal',
      command: sharedServers().temporalBinary,
      args: [...args, '--log-level', 'error', '--db-filename', join(directory.path, 'temporal.db')],
      env: inheritedEnvironment(),
      isReady: async () => {
        const connection = await Connection.connect({ address, connectTimeout: 2000 });
        await connection.workflowService.describeNamespace({ namespace: 'default' });
        await connection.close();
        return true;
      },
    });
    await server.whenReady({ deadlineMs: 60_000 });
    const connection = await NativeConnection.connect({ address });
    const known = async () =>
      Object.keys((await connection.operatorService.listSearchAttributes({ namespace: 'default' })).customAttributes);
    expect(await known()).not.toContain(searchAttributeNames.orderId);
    await Promise.all([ensure(connection), ensure(connection)]);
    await ensure(connection);
    expect(await known()).toEqual(expect.arrayContaining(Object.values(searchAttributeNames)));
    await connection.close();
    await server.stop();
    await directory.remove();
  });

  const denied = Object.assign(new Error('no'), { code: 7 });
  const away = Object.assign(new Error('away'), { code: 14 });

  /** @param options.answers the results of the calls that list the attributes. An Error among them is thrown. */
  function operator({ answers, add, count }: { answers: object[]; add?: Error; count?: Error }) {
    const next = (): Promise<object> => {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ customAttributes: answer });
    };
    const operatorService = {
      listSearchAttributes: next,
      addSearchAttributes: () => (add === undefined ? Promise.resolve({}) : Promise.reject(add)),
    };
    const workflowService = {
      countWorkflowExecutions: ({ query }: { query: string }) =>
        count !== undefined && query.startsWith('OrderStatus') ? Promise.reject(count) : Promise.resolve({}),
    };
    return {
      operatorService,
      workflowService,
      withDeadline: (_deadline: number, call: () => unknown) => call(),
    } as never;
  }

  it.each([
    [
      'the worker has no right to register them',
      { answers: [{}], add: denied },
      /lacks .*OrderId.*create --namespace default/s,
    ],
    ['one has another type', { answers: [{ OrderId: 1 }] }, /OrderId must have the type Keyword but has another type/],
  ])('stops the worker with a clear error if %s', async (_what, answers, words) => {
    await expect(ensure(operator(answers))).rejects.toThrow(words);
  });

  it('is detected with a query if the login has no right to list search attributes, as in Temporal Cloud', async () => {
    await expect(ensure(operator({ answers: [denied] }))).resolves.toBeUndefined();
    expect(warnings).toEqual([]);
    const unknown = Object.assign(new Error('invalid query'), { code: 3 });
    const missing = ensure(operator({ answers: [denied], count: unknown }));
    await expect(missing).rejects.toThrow(/lacks .*OrderStatus,? .*tcld .*--search-attribute OrderStatus=Keyword$/s);
  });

  it('is not detected if the login has no right to list or query; the worker logs a warning and starts', async () => {
    await expect(ensure(operator({ answers: [denied], count: denied }))).resolves.toBeUndefined();
    expect(warnings).toHaveLength(1);
  });

  it('is checked again while Temporal is down', async () => {
    await expect(ensure(operator({ answers: [away, {}] }))).resolves.toBeUndefined();
  });
});
