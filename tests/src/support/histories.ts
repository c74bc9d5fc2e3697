import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { WorkflowHandle } from '@temporalio/client';
import type { CheckoutResult } from '@widget-store/workflows';
import { dispatchWorkflowId, refundWorkflowId } from '@widget-store/workflows/contract';
import { cancelUpdate, paymentIdQuery, paymentPageUpdate, paymentSignal } from '@widget-store/workflows/messages';
import { setAvailable } from './database';
import type { WorkflowBench } from './workflows';

/** A history in Temporal's JSON form, as the CLI and the Web UI export it. */
export type HistoryJson = Record<string, unknown>;

const folder = join(__dirname, '..', '..', 'histories');
const current = 'current';

/** Plays every path of the workflows and gives the history of each, open ones included. */
export async function playHistories(bench: WorkflowBench): Promise<Record<string, HistoryJson>> {
  await setAvailable(bench.database.store, 100);
  const runs = { ...(await playPayments(bench)), ...(await playUndoings(bench)), ...(await playSoldOut(bench)) };
  const entries = Object.entries(runs).map(async ([name, run]) => [name, await exportHistory(run)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

type Runs = Record<string, WorkflowHandle>;

async function playPayments(bench: WorkflowBench): Promise<Runs> {
  const open = await bench.checkout();
  const openPage = await bench.checkout();
  await openPage.run.executeUpdate(paymentPageUpdate);
  const paid = await bench.checkout();
  await paid.run.signal(paymentSignal, { status: 'paid', eventId: 'evt_1' });
  const { orderId } = (await paid.run.result()) as CheckoutResult;
  const knownKey = await bench.startWithPayment({ key: paid.key, status: 'paid' });
  await knownKey.result();
  const declined = await bench.checkout();
  await declined.run.signal(paymentSignal, { status: 'failed' });
  const foundPaid = await bench.checkout({ paymentWindowMs: 1000 });
  await bench.gateway.settle(String(await foundPaid.run.query(paymentIdQuery)), 'pay');
  const dispatch = bench.client.getHandle(dispatchWorkflowId(orderId));
  await Promise.all([declined.run.result(), foundPaid.run.result(), dispatch.result()]);
  return {
    open: open.run,
    openPage: openPage.run,
    paid: paid.run,
    knownKey,
    declined: declined.run,
    foundPaid: foundPaid.run,
    dispatch,
  };
}

async function playUndoings(bench: WorkflowBench): Promise<Runs> {
  const expired = await bench.checkout({ paymentWindowMs: 100 });
  const cancelled = await bench.checkout();
  await cancelled.run.cancel();
  const changedMind = await bench.checkout();
  await changedMind.run.executeUpdate(cancelUpdate);
  await Promise.all([expired.run.result(), cancelled.run.result(), changedMind.run.result()]);

  const oddCapture = await bench.checkout({ paymentWindowMs: 1000 });
  await bench.gateway.settle(String(await oddCapture.run.query(paymentIdQuery)), 'pay', 1);
  await oddCapture.run.result();

  const paid = await bench.checkout();
  const paymentId = String(await paid.run.query(paymentIdQuery));
  await bench.gateway.settle(paymentId, 'pay');
  await paid.run.signal(paymentSignal, { status: 'paid' });
  const { orderId } = (await paid.run.result()) as CheckoutResult;
  const dispatchCancelled = bench.client.getHandle(dispatchWorkflowId(orderId));
  await dispatchCancelled.executeUpdate(cancelUpdate);
  await dispatchCancelled.result();
  const refund = bench.client.getHandle(refundWorkflowId(paymentId));
  await refund.result();
  return {
    expired: expired.run,
    cancelled: cancelled.run,
    changedMind: changedMind.run,
    oddCapture: oddCapture.run,
    dispatchCancelled,
    refund,
  };
}

async function playSoldOut(bench: WorkflowBench): Promise<Runs> {
  await setAvailable(bench.database.store, 0);
  const soldOut = await bench.checkout();
  await soldOut.run.result();
  return { soldOut: soldOut.run };
}

async function exportHistory(run: WorkflowHandle): Promise<HistoryJson> {
  const history = await run.fetchHistory();
  return anonymous(historyToJSON(history));
}

/** Takes out the name of the machine that recorded it, which stands in identities and in the names of sticky queues. */
function anonymous(json: string): HistoryJson {
  return JSON.parse(json.replaceAll(hostname(), 'recorder')) as HistoryJson;
}

/** Records the paths as they are now; those of earlier releases, in the folders beside, stay as they are. */
export async function writeHistories(histories: Record<string, HistoryJson>): Promise<void> {
  await mkdir(join(folder, current), { recursive: true });
  for (const [name, history] of Object.entries(histories)) {
    await writeFile(join(folder, current, `${name}.json`), `${JSON.stringify(history, undefined, 1)}\n`);
  }
}

/** The histories in the repository, by release and name: what runs look like that may still be open somewhere. */
export async function readHistories(): Promise<Record<string, HistoryJson>> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json'));
  const entries = files.map(async (file) => {
    const text = await readFile(join(folder, file), 'utf8');
    return [file.replace('.json', ''), JSON.parse(text) as HistoryJson] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** How `readHistories` names the recording of a path as it is now. */
export function currentName(path: string): string {
  return join(current, path);
}
