import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { WorkflowHandle } from '@temporalio/client';
import { dispatchWorkflowId } from '@widget-store/workflows/contract';
import { paymentSignal } from '@widget-store/workflows/messages';
import { setAvailable } from './database';
import type { WorkflowBench } from './workflows';

/** A history in Temporal's JSON form, as the CLI and the Web UI export it. */
export type HistoryJson = Record<string, unknown>;

const folder = join(__dirname, '..', '..', 'histories');

/** Plays every path of the workflows and gives the history of each, open ones included. */
export async function playHistories(bench: WorkflowBench): Promise<Record<string, HistoryJson>> {
  const { client, database } = bench;
  await setAvailable(database.store, 100);

  const open = await bench.checkout();
  const paid = await bench.checkout();
  await paid.run.signal(paymentSignal, { status: 'paid' });
  const { orderId } = (await paid.run.result()) as { orderId: string };
  const knownKey = await bench.startWithPayment({ key: paid.key, status: 'paid' });
  await knownKey.result();
  const declined = await bench.checkout();
  await declined.run.signal(paymentSignal, { status: 'failed' });
  const expired = await bench.checkout({ paymentWindowMs: 100 });
  const cancelled = await bench.checkout();
  await cancelled.run.cancel();
  await Promise.all([declined.run.result(), expired.run.result(), cancelled.run.result()]);
  await setAvailable(database.store, 0);
  const soldOut = await bench.checkout();
  await soldOut.run.result();
  const dispatch = client.getHandle(dispatchWorkflowId(orderId));
  await dispatch.result();

  const started = { open, paid, declined, expired, cancelled, soldOut };
  const runs = Object.entries(started).map(([name, { run }]) => [name, run] as const);
  const histories: Record<string, HistoryJson> = {};
  for (const [name, run] of [...runs, ['knownKey', knownKey] as const, ['dispatch', dispatch] as const]) {
    histories[name] = await exportHistory(run);
  }
  return histories;
}

async function exportHistory(run: WorkflowHandle): Promise<HistoryJson> {
  const history = await run.fetchHistory();
  return anonymous(historyToJSON(history));
}

/** Takes out the name of the machine that recorded it, which stands in identities and in the names of sticky queues. */
function anonymous(json: string): HistoryJson {
  return JSON.parse(json.replaceAll(hostname(), 'recorder')) as HistoryJson;
}

export async function writeHistories(histories: Record<string, HistoryJson>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, history] of Object.entries(histories)) {
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(history, undefined, 1)}\n`);
  }
}

/** The histories in the repository, by name: what runs of released code look like. */
export async function readHistories(): Promise<Record<string, HistoryJson>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const entries = files.map(async (file) => {
    const text = await readFile(join(folder, file), 'utf8');
    return [file.replace('.json', ''), JSON.parse(text) as HistoryJson] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
