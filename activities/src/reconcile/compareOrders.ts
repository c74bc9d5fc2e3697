import { heartbeat } from '@temporalio/activity';
import type { OrderFacts } from '@widget-store/db';
import {
  type Anomaly,
  checkoutWorkflowId,
  type CompareInput,
  type Comparison,
  dispatchWorkflowId,
  type OrdersMark,
  readWorkflowId,
  workflowTypes,
} from '@widget-store/contract';
import { GatewayError, type PaymentGateway } from '../gateway';
import { type AnomalyList, createAnomalyList } from './anomalyList';
import { inGroups } from './inGroups';
import { dispatchIfPaid, judgeOpenRun, judgeUnfinished, openRunGraceMs, runInCharge } from './judgeOrder';
import { firstLookMs, overlapMs } from './lookBack';
import type { ReconcileDeps, Runs } from './reconcileDeps';

/** Of each list; what is beyond it waits for a later comparison. */
const limit = 1000;
const askedAtOnce = 20;

type Deps = Pick<ReconcileDeps, 'store' | 'runs' | 'gateway'>;

/**
 * Compares orders and runs from both sides. From Postgres: the orders that are not over although they should be, each with
 * the run that should have it in hand. From Temporal: the runs that broke, and those that are open for long.
 */
export async function compareOrders(
  deps: Deps,
  { graceMs, mark }: CompareInput<OrdersMark>,
): Promise<Comparison<OrdersMark>> {
  const comparedAt = await deps.store.readClock();
  const nowMs = Date.parse(comparedAt);
  const ago = (ms: number): string => new Date(nowMs - ms).toISOString();
  const list = createAnomalyList();

  const unfinished = await deps.store.listUnfinished({ unchangedMs: graceMs, limit });
  const closedAfter =
    mark === null ? ago(firstLookMs) : new Date(Date.parse(mark.comparedAt) - overlapMs).toISOString();
  const broken = await deps.runs.listBroken({ closedAfter, closedBefore: ago(graceMs), limit });
  await judgeOrders(deps, { unfinished, broken, graceMs, failedBefore: ago(graceMs), list });

  heartbeat();
  const startedBefore = mark?.openBefore ?? ago(openRunGraceMs(graceMs));
  const open = await deps.runs.listOpen({ startedBefore, limit });
  await judgeRuns(deps, { open: open.map(({ workflowId }) => workflowId), graceMs, list });
  const { anomalies, found } = list;
  // One that fills the list is followed by older ones.
  return { anomalies, found, mark: { comparedAt, openBefore: open[limit - 1]?.startedAt ?? null } };
}

interface Orders {
  unfinished: OrderFacts[];
  broken: string[];
  graceMs: number;
  failedBefore: string;
  list: AnomalyList;
}

async function judgeOrders(
  { store, runs, gateway }: Deps,
  { unfinished, broken, graceMs, failedBefore, list }: Orders,
): Promise<void> {
  const idempotencyKeys = businessIds(broken, workflowTypes.checkout);
  const left = await store.readOrderFacts({ idempotencyKeys });
  const brokenIds = new Set(broken);
  const orders = new Map([...unfinished, ...left].map((order) => [order.orderId, order]));
  await inGroups([...orders.values()], askedAtOnce, async (order) => {
    const workflowId = runInCharge(order);
    if (workflowId === undefined) return;
    heartbeat();
    const open = await runs.isOpen(workflowId);
    const anomaly = judgeUnfinished(order, { workflowId, open, broken: brokenIds.has(workflowId) }, { graceMs });
    if (anomaly?.repair?.action === 'dispatch') list.add(await ifPaid(gateway, order, anomaly));
    else if (anomaly?.kind === 'run_stalled') list.add(await withReplacement(runs, order, { anomaly, failedBefore }));
    else list.add(anomaly);
  });
}

/** A checkout can be replaced, because its order goes on from Postgres, its money from the gateway, and its signals are kept. */
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

/** Asked only about the few orders that would be dispatched. A gateway that is away is asked again by the next comparison. */
async function ifPaid(gateway: PaymentGateway, order: OrderFacts, anomaly: Anomaly): Promise<Anomaly> {
  if (order.paymentId === null) return anomaly;
  try {
    return dispatchIfPaid(anomaly, order, await gateway.getPayment(order.paymentId));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { ...anomaly, detail: `${anomaly.detail} It waits for the gateway, which does not answer.`, repair: null };
  }
}

interface OpenRuns {
  open: string[];
  graceMs: number;
  list: AnomalyList;
}

async function judgeRuns({ store, runs }: Deps, { open, graceMs, list }: OpenRuns): Promise<void> {
  const byKey = await store.readOrderFacts({ idempotencyKeys: businessIds(open, workflowTypes.checkout) });
  const byId = await store.readOrderFacts({ orderIds: businessIds(open, workflowTypes.dispatch) });
  const orders = new Map([
    ...byKey.map((order) => [checkoutWorkflowId(order.idempotencyKey), order] as const),
    ...byId.map((order) => [dispatchWorkflowId(order.orderId), order] as const),
  ]);
  await inGroups(open, askedAtOnce, async (workflowId) => {
    const anomaly = judgeOpenRun(workflowId, orders.get(workflowId) ?? null, { graceMs });
    if (anomaly === undefined) return;
    heartbeat();
    if (await runs.isOpen(workflowId)) list.add(anomaly);
  });
}

function businessIds(workflowIds: string[], type: keyof typeof workflowTypes): string[] {
  return workflowIds.map(readWorkflowId).flatMap((run) => (run?.type === type ? [run.id] : []));
}
