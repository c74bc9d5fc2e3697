import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection, WorkflowClient } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { workflowTypes } from '@widget-store/contract';
import type postgres from 'postgres';
import {
  type Charge,
  type DatabaseDump,
  files,
  type HistoryRecord,
  isOpen,
  type Quiet,
  type RunRecord,
} from './evidence';
import { judgeMoney } from './oracle/money';
import type { Stage } from './stage';

/** The system that the evidence describes: a `Stage`, or the smaller store of `mutants.test.ts`. */
export interface Sources extends Pick<Stage, 'inspect' | 'taskQueue' | 'receiver'> {
  store: Pick<Stage['store'], 'gatewayUrl' | 'gatewayApiKey' | 'temporalAddress'>;
}

const lookEveryMs = 1000;
const historiesAtOnce = 8;

/** Waits until all work is done, or until the deadline. The oracle reports work that is open after the wait. */
export async function waitForQuiet(sources: Sources, folder: string, { deadlineMs }: { deadlineMs: number }) {
  const startMs = Date.now();
  const quiet: Quiet = { startMs, settledMs: null, deadlineMs };
  await withTemporal(sources, async (client) => {
    while (Date.now() < startMs + deadlineMs) {
      if (await isSettled(sources, client).catch(() => false)) {
        quiet.settledMs = Date.now();
        return;
      }
      await delay(lookEveryMs);
    }
  });
  writeJson(folder, files.quiet, quiet);
}

/**
 * Resolves with true if all work is done. Then no order or run is open, except an order that waits for an operator.
 * Every event is delivered, and the gateway and the orders agree about the money. If a webhook is lost, the gateway and
 * the order disagree until the reconciler finds the payment.
 */
async function isSettled({ inspect, store, taskQueue }: Sources, client: WorkflowClient): Promise<boolean> {
  const database = await inspect(dumpDatabase);
  if (database.orders.some(isOpen) || database.undelivered > 0) return false;
  return (
    (await countOpenRuns(client, taskQueue)) === 0 &&
    judgeMoney({ database, charges: await exportLedger(store) }).length === 0
  );
}

/** Counts the open runs, without those of the reconciler, which belong to no order. */
export async function countOpenRuns(client: WorkflowClient, taskQueue: string): Promise<number> {
  const { count } = await client.count(
    `ExecutionStatus = 'Running' and TaskQueue = '${taskQueue}' and WorkflowType != '${workflowTypes.reconcile}'`,
  );
  return count;
}

export async function collectEvidence(sources: Sources, folder: string): Promise<void> {
  writeJson(folder, files.database, await sources.inspect(dumpDatabase));
  writeJson(folder, files.gateway, await exportLedger(sources.store));
  writeJson(folder, files.events, sources.receiver?.received ?? []);
  await withTemporal(sources, async (client) => {
    const runs = await listRuns(client, sources);
    writeJson(folder, files.temporal, runs);
    await exportHistories(client, runs, join(folder, files.temporalHistories));
  });
}

export async function dumpDatabase(sql: postgres.Sql): Promise<DatabaseDump> {
  const [products, orders, items, movements, ticks, statusChanges, [outgoing]] = await Promise.all([
    sql<DatabaseDump['products']>`select product_id as "productId", inventory::int from products order by product_id`,
    sql<DatabaseDump['orders']>`
      select order_id as "orderId", idempotency_key as key, payment_id as "paymentId", status,
        payment_status as "paymentStatus", payment_event_id as "paymentEventId", cancel_reason as "cancelReason",
        total_minor::int as "totalMinor", captured_minor::int as "capturedMinor", refunded_minor::int as "refundedMinor",
        (select coalesce(json_agg(json_build_object('refundId', refund_id, 'amountMinor', amount_minor,
          'status', r.status, 'source', source, 'gatewayRefundId', gateway_refund_id, 'settledBy', settled_by)), '[]')
          from refunds r where r.order_id = orders.order_id) as refunds,
        (select coalesce(json_agg(json_build_object('gatewayDisputeId', gateway_dispute_id, 'amountMinor', amount_minor,
          'status', d.status)), '[]') from disputes d where d.order_id = orders.order_id) as disputes,
        progress_remaining as progress, fulfilment, carrier,
        status = 'PAID' and ready_at is not null as "isToShip", created_at as "createdAt", expires_at as "expiresAt"
      from orders order by sequence`,
    sql<DatabaseDump['items']>`
      select order_id as "orderId", product_id as "productId", quantity, returned from order_items`,
    sql<DatabaseDump['movements']>`
      select movement_id::int as "movementId", product_id as "productId", order_id as "orderId", kind, quantity::int,
        created_at as "createdAt"
      from stock_movements order by movement_id`,
    sql<DatabaseDump['ticks']>`select order_id as "orderId", before, after from ticks order by tick_id`,
    sql<DatabaseDump['statusChanges']>`
      select order_id as "orderId", status from order_events order by order_id, version`,
    sql<{ undelivered: number }[]>`select count(*)::int as undelivered from outgoing_events`,
  ]);
  return { products, orders, items, movements, ticks, statusChanges, undelivered: outgoing?.undelivered ?? 0 };
}

interface LedgerPage {
  payments: {
    payment_id: string;
    status: Charge['status'];
    amount_minor: number;
    captured_minor: number;
    refunded_minor: number;
    refunds: { refund_id: string; amount_minor: number; status: Charge['refunds'][number]['status'] }[];
    disputes: { dispute_id: string; amount_minor: number; status: Charge['disputes'][number]['status'] }[];
  }[];
  next_cursor: string | null;
}

async function exportLedger({ gatewayUrl, gatewayApiKey }: Sources['store']): Promise<Charge[]> {
  const charges: Charge[] = [];
  for (let cursor: string | null = '0'; cursor !== null;) {
    const headers = { Authorization: `Bearer ${gatewayApiKey}` };
    const answer = await fetch(`${gatewayUrl}/v1/payments?limit=1000&cursor=${cursor}`, { headers });
    const page = (await answer.json()) as LedgerPage;
    for (const payment of page.payments) {
      charges.push({
        paymentId: payment.payment_id,
        status: payment.status,
        amountMinor: payment.amount_minor,
        capturedMinor: payment.captured_minor,
        refundedMinor: payment.refunded_minor,
        refunds: payment.refunds.map((refund) => ({
          gatewayRefundId: refund.refund_id,
          amountMinor: refund.amount_minor,
          status: refund.status,
        })),
        disputes: payment.disputes.map((dispute) => ({
          gatewayDisputeId: dispute.dispute_id,
          amountMinor: dispute.amount_minor,
          status: dispute.status,
        })),
      });
    }
    cursor = page.next_cursor;
  }
  return charges;
}

async function listRuns(client: WorkflowClient, { taskQueue }: Sources): Promise<RunRecord[]> {
  const runs: RunRecord[] = [];
  const query = `TaskQueue = '${taskQueue}' and WorkflowType != '${workflowTypes.reconcile}'`;
  for await (const { type, workflowId, runId, status } of client.list({ query })) {
    runs.push({ type, workflowId, runId, status: status.name, result: null });
  }
  await inBatches(runs, async (run) => {
    if (run.status === 'COMPLETED') run.result = (await client.result(run.workflowId, run.runId)) ?? null;
  });
  return runs;
}

async function exportHistories(client: WorkflowClient, runs: RunRecord[], file: string): Promise<void> {
  writeFileSync(file, '');
  await inBatches(runs, async ({ workflowId, runId, status }) => {
    const history = await client.getHandle(workflowId, runId).fetchHistory();
    const record: HistoryRecord = { workflowId, status, history: JSON.parse(historyToJSON(history)) as object };
    appendFileSync(file, `${JSON.stringify(record)}\n`);
  });
}

async function inBatches<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let first = 0; first < items.length; first += historiesAtOnce) {
    await Promise.all(items.slice(first, first + historiesAtOnce).map(work));
  }
}

export async function withTemporal<Result>(
  { store }: Pick<Sources, 'store'>,
  work: (client: WorkflowClient) => Promise<Result>,
): Promise<Result> {
  const connection = await Connection.connect({ address: store.temporalAddress });
  try {
    return await work(new WorkflowClient({ connection }));
  } finally {
    await connection.close();
  }
}

/** Creates an empty folder for a run. @param names the files in the folder that the run appends to */
export function emptyFolder(folder: string, names: string[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), '');
}

export function writeJson(folder: string, name: string, content: unknown): void {
  writeFileSync(join(folder, name), `${JSON.stringify(content, undefined, 1)}\n`);
}
