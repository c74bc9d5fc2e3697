import { ActivityFailure, isCancellation, log, proxyActivities, workflowInfo } from '@temporalio/workflow';
import {
  type Activities,
  type Anomaly,
  askedEventId,
  type Comparison,
  type ComparisonName,
  nonRetryableFailureTypes,
  type RunRef,
} from '@widget-store/contract';
import { type KnownOrder, startDispatch, startRefund, takeOver, tellCheckout } from './children';
import type { ReconcileInput, ReconcileResult } from './messages';
import type { Findable } from './standing';

/** What fails is made up for by the next run, so it is not tried for long. */
const options = {
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 3, nonRetryableErrorTypes: nonRetryableFailureTypes },
} as const;

/** The first look back of a busy account has hundreds of pages; it is the heartbeats that tell of a worker that died. */
const comparing = (summary: string) =>
  proxyActivities<Activities>({ ...options, startToCloseTimeout: '30 minutes', summary });

const mending = (summary: string) =>
  proxyActivities<Activities>({ ...options, startToCloseTimeout: '2 minutes', summary });

const { compareLedger } = comparing("compare the gateway's ledger with the orders");
const { compareOrders } = comparing('compare the orders that are not over with the open runs');
const { compareStock } = comparing('compare inventory, stock movements and orders');
const { endStalledRun } = mending('end a checkout run that no worker can go on with');
const { reportRepairs } = mending('report what was repaired');

/**
 * Compares what the gateway, Postgres and Temporal say about the same orders, and does the one safe thing where there is
 * one. It decides nothing itself: a repair starts or signals the run whose work it is, which looks at the facts anew. The
 * ledger comes first, so that a payment which was not noticed is known before its order is taken over.
 */
export async function reconcile({ graceMs, publicUrl }: ReconcileInput): Promise<ReconcileResult> {
  const last = lastResult()?.marks;
  const result: ReconcileResult = {
    marks: { ledger: last?.ledger ?? null, orders: last?.orders ?? null, stock: last?.stock ?? null },
    found: {},
    repaired: 0,
    failed: [],
  };
  const { marks } = result;
  const run = { result, publicUrl };

  const ledger = await compared(run, 'ledger', () => compareLedger({ graceMs, mark: marks.ledger }));
  const orders = await compared(run, 'orders', () => compareOrders({ graceMs, mark: marks.orders }));
  const stock = await compared(run, 'stock', () => compareStock({ graceMs, mark: marks.stock }));
  return {
    ...result,
    marks: { ledger: ledger ?? marks.ledger, orders: orders ?? marks.orders, stock: stock ?? marks.stock },
  };
}

/** What the last run of the Schedule that ended well has returned; undefined in the first one, and in a run started by hand. */
function lastResult(): Partial<ReconcileResult> | undefined {
  const { lastResult: result } = workflowInfo();
  return typeof result === 'object' && result !== null ? result : undefined;
}

interface ReconcileRun extends Findable {
  result: ReconcileResult;
}

/** Makes one comparison and its repairs. @returns where the next one goes on; undefined when this one could not be made */
async function compared<Mark>(
  { result, publicUrl }: ReconcileRun,
  name: ComparisonName,
  compare: () => Promise<Comparison<Mark>>,
): Promise<Mark | undefined> {
  try {
    const { anomalies, found, mark } = await compare();
    Object.assign(result.found, found);
    const repaired = await repairAll(anomalies, { publicUrl });
    result.repaired += repaired.length;
    if (repaired.length > 0) await reportRepairs({ anomalies: repaired });
    return mark;
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    log.warn('a comparison could not be made; the next run makes up for it', { comparison: name, error });
    result.failed.push(name);
    return undefined;
  }
}

async function repairAll(anomalies: Anomaly[], where: Findable): Promise<Anomaly[]> {
  const made = await Promise.all(anomalies.map((anomaly) => repairIfThereIsARepair(anomaly, where)));
  return anomalies.filter((_anomaly, index) => made[index]);
}

/** One repair that fails does not keep the others from being made. */
async function repairIfThereIsARepair(anomaly: Anomaly, where: Findable): Promise<boolean> {
  try {
    return await repair(anomaly, where);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('a repair could not be made; the next run tries again', { ...anomaly, error });
    return false;
  }
}

/** @returns whether something was done */
async function repair({ repair: needed }: Anomaly, where: Findable): Promise<boolean> {
  if (needed === null) return false;
  switch (needed.action) {
    case 'refund': {
      const { orderId, paymentId } = needed;
      return startRefund({ orderId, paymentId, claimed: true, ...where }, { again: true });
    }
    case 'tell_paid':
      await tellCheckout({ ...needed, ...where }, { status: 'paid', eventId: askedEventId });
      return true;
    case 'take_over':
      return takeOver({ ...needed, ...where });
    case 'dispatch':
      return startDispatch({ orderId: needed.orderId, ...where }, { again: true });
    case 'replace':
      return replaceRun({ ...needed, ...where });
    default:
      return needed satisfies never;
  }
}

/** What the run had been told goes on to the next one; everything else stands in Postgres and at the gateway. */
async function replaceRun({ workflowId, runId, ...order }: KnownOrder & RunRef): Promise<boolean> {
  const { ended, heard } = await endStalledRun({ workflowId, runId });
  if (!ended) return false;
  if (heard === null) await takeOver(order);
  else await tellCheckout(order, heard);
  return true;
}
