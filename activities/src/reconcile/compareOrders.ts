import type { OrderFacts } from '@widget-store/db';
import {
  type Anomaly,
  checkoutWorkflowId,
  type CompareInput,
  type Comparison,
  dispatchWorkflowId,
  type OrdersMark,
  readWorkflowId,
  refundWorkflowId,
  workflowTypes,
} from '@widget-store/contract';
import { GatewayError, type PaymentGateway } from '../gateway';
import {
  detectOrderAnomaly,
  detectRunAnomaly,
  dispatchOnlyIfPaid,
  openRunGraceMs,
  responsibleRun,
} from './detectOrder';
import type { ReconcileDeps, Runs } from './deps';
import { detectRefundAnomaly } from './detectRefund';
import { inBatches } from './inBatches';
import { beginMs, firstLookMs, overlapMs } from './lookBack';
import { summarize } from './summarize';

/** The maximum length of each list that a comparison reads. A later comparison finds what a full list leaves out. */
const limit = 1000;
const batchSize = 20;

type Deps = Pick<ReconcileDeps, 'store' | 'runs' | 'gateway'>;

/**
 * Compares orders and runs from both sides. Lists the orders in Postgres that should be finished but are not, and looks
 * for the run that must finish each of them. Also lists the runs in Temporal that have failed or have been open for
 * long, and looks for their orders.
 */
export async function compareOrders(
  deps: Deps,
  { graceMs, mark }: CompareInput<OrdersMark>,
): Promise<Comparison<OrdersMark>> {
  const comparedAt = await deps.store.readClock();
  const nowMs = Date.parse(comparedAt);
  const ago = (ms: number): string => new Date(nowMs - ms).toISOString();

  const unfinished = await deps.store.listUnfinished({ unchangedMs: graceMs, limit });
  const closedAfter =
    mark === null ? ago(firstLookMs) : new Date(beginMs(mark.comparedAt, nowMs) - overlapMs).toISOString();
  const failed = await deps.runs.listFailed({ closedAfter, closedBefore: ago(graceMs), limit });
  const ofOrders = await detectInOrders(deps, { unfinished, failed, graceMs, failedBefore: ago(graceMs) });

  const ofRefunds = await detectInRefunds(deps, { graceMs });

  const startedBefore = mark?.openBefore ?? ago(openRunGraceMs(graceMs));
  const open = await deps.runs.listOpen({ startedBefore, limit });
  const workflowIds = open.map(({ workflowId }) => workflowId);
  const ofRuns = await detectInRuns(deps, { workflowIds, graceMs });
  // If the list is full, the next comparison continues with older runs.
  const openBefore = open[limit - 1]?.startedAt ?? null;
  return { ...summarize([...ofOrders, ...ofRefunds, ...ofRuns].filter(isAnomaly)), mark: { comparedAt, openBefore } };
}

interface OrdersToCheck {
  unfinished: OrderFacts[];
  /** Workflow ids of failed runs. */
  failed: string[];
  graceMs: number;
  failedBefore: string;
}

async function detectInOrders(
  { store, runs, gateway }: Deps,
  { unfinished, failed, graceMs, failedBefore }: OrdersToCheck,
): Promise<(Anomaly | undefined)[]> {
  const ofFailedRuns = await store.readOrderFacts({ idempotencyKeys: businessIds(failed, workflowTypes.checkout) });
  const failedIds = new Set(failed);
  const orders = new Map([...unfinished, ...ofFailedRuns].map((order) => [order.orderId, order]));
  return inBatches([...orders.values()], batchSize, async (order) => {
    const workflowId = responsibleRun(order);
    if (workflowId === undefined) return undefined;
    const run = { workflowId, open: await runs.isOpen(workflowId), hasFailed: failedIds.has(workflowId) };
    const anomaly = detectOrderAnomaly(order, run, { graceMs });
    if (anomaly?.repair?.action === 'dispatch') return withPaymentChecked(gateway, order, anomaly);
    if (anomaly?.kind === 'run_stalled') return withReplacement(runs, order, { anomaly, failedBefore });
    return anomaly;
  });
}

/** Finds refunds that no run has made in time. */
async function detectInRefunds(
  { store, runs }: Deps,
  { graceMs }: { graceMs: number },
): Promise<(Anomaly | undefined)[]> {
  const refunds = await store.listRefundsToMake({ waitingMs: graceMs, limit });
  return inBatches(refunds, batchSize, async (refund) => {
    const open = await runs.isOpen(refundWorkflowId(refund.refundId));
    return detectRefundAnomaly(refund, { open, graceMs });
  });
}

/**
 * If workers cannot replay the checkout run of a pending order, adds the repair that replaces the run. A new run can
 * continue the order: it reads the order from Postgres and the payment from the gateway, and the repair sends it the
 * payment event from the history of the old run.
 */
async function withReplacement(
  runs: Runs,
  { status, idempotencyKey, orderId }: OrderFacts,
  { anomaly, failedBefore }: { anomaly: Anomaly; failedBefore: string },
): Promise<Anomaly> {
  const { workflowId } = anomaly;
  if (status !== 'PENDING' || workflowId === undefined) return anomaly;
  const runId = await runs.findStalled(workflowId, { failedBefore });
  if (runId === null) return anomaly;
  const detail = `${anomaly.detail} Its history does not fit the code of the workers.`;
  return { ...anomaly, detail, repair: { action: 'replace', workflowId, runId, idempotencyKey, orderId } };
}

/**
 * Asks the gateway for the payment of the order. Removes the repair `dispatch` if the call fails, or if
 * `dispatchOnlyIfPaid` finds that the payment does not allow it. The next comparison then asks again.
 */
async function withPaymentChecked(gateway: PaymentGateway, order: OrderFacts, anomaly: Anomaly): Promise<Anomaly> {
  if (order.paymentId === null) return anomaly;
  try {
    return dispatchOnlyIfPaid(anomaly, order, await gateway.getPayment(order.paymentId));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { ...anomaly, detail: `${anomaly.detail} The gateway could not be asked for the payment.`, repair: null };
  }
}

async function detectInRuns(
  { store, runs }: Deps,
  { workflowIds, graceMs }: { workflowIds: string[]; graceMs: number },
): Promise<(Anomaly | undefined)[]> {
  const byKey = await store.readOrderFacts({ idempotencyKeys: businessIds(workflowIds, workflowTypes.checkout) });
  const byId = await store.readOrderFacts({ orderIds: businessIds(workflowIds, workflowTypes.dispatch) });
  const orders = new Map([
    ...byKey.map((order) => [checkoutWorkflowId(order.idempotencyKey), order] as const),
    ...byId.map((order) => [dispatchWorkflowId(order.orderId), order] as const),
  ]);
  return inBatches(workflowIds, batchSize, async (workflowId) => {
    const anomaly = detectRunAnomaly(workflowId, orders.get(workflowId) ?? null, { graceMs });
    // The list of open runs can contain runs that have closed in the meantime.
    return anomaly !== undefined && (await runs.isOpen(workflowId)) ? anomaly : undefined;
  });
}

function businessIds(workflowIds: string[], type: keyof typeof workflowTypes): string[] {
  return workflowIds.map(readWorkflowId).flatMap((run) => (run?.type === type ? [run.id] : []));
}

function isAnomaly(anomaly: Anomaly | undefined): anomaly is Anomaly {
  return anomaly !== undefined;
}
