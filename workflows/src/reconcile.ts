import { ActivityFailure, isCancellation, log, proxyActivities, rootCause, workflowInfo } from '@temporalio/workflow';
import {
  type Activities,
  type Anomaly,
  askedEventId,
  type Comparison,
  type ComparisonName,
  nonRetryableFailureTypes,
  type RunRef,
} from '@widget-store/contract';
import { type PlacedOrderRef, resumeCheckout, signalPayment, startDispatch, startRefund } from './children';
import type { ReconcileInput, ReconcileResult } from './messages';
import type { WithPublicUrl } from './visibility';

/** There are only a few attempts, because the next run covers what a failed comparison missed. */
const options = {
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 3, nonRetryableErrorTypes: nonRetryableFailureTypes },
} as const;

/**
 * The timeout is long, because the first comparison can read hundreds of pages. Missing heartbeats reveal a dead worker
 * much sooner.
 */
const comparing = (summary: string) =>
  proxyActivities<Activities>({ ...options, startToCloseTimeout: '30 minutes', summary });

const repairing = (summary: string) =>
  proxyActivities<Activities>({ ...options, startToCloseTimeout: '2 minutes', summary });

const { compareLedger } = comparing("compare the gateway's ledger with the orders");
const { compareOrders } = comparing('compare unfinished orders with the open runs');
const { compareStock } = comparing('compare inventory, stock movements and orders');
const { endStalledRun } = repairing('terminate a checkout run that no worker can continue');
const { reportRepairs } = repairing('report what was repaired');

/**
 * Compares what the gateway, Postgres and Temporal say about the same orders, and repairs what is safe to repair. The
 * reconciler itself decides nothing about an order. Each repair starts or signals the run that is responsible for the
 * order or the refund, and that run decides. The ledger is compared first, so that a stalled run has received the
 * signal of a missed payment before it is replaced. The new run then gets this signal too.
 */
export async function reconcile({ graceMs, publicUrl }: ReconcileInput): Promise<ReconcileResult> {
  const marks = lastMarks();
  const reconciled = <Mark>(name: ComparisonName, comparison: () => Promise<Comparison<Mark>>) =>
    compareAndRepair({ name, comparison, publicUrl });

  const ledger = await reconciled('ledger', () => compareLedger({ graceMs, mark: marks.ledger }));
  const orders = await reconciled('orders', () => compareOrders({ graceMs, mark: marks.orders }));
  const stock = await reconciled('stock', () => compareStock({ graceMs, mark: marks.stock }));
  return {
    marks: {
      ledger: ledger.mark ?? marks.ledger,
      orders: orders.mark ?? marks.orders,
      stock: stock.mark ?? marks.stock,
    },
    found: { ...ledger.found, ...orders.found, ...stock.found },
    repaired: ledger.repaired + orders.repaired + stock.repaired,
    failed: [...ledger.failed, ...orders.failed, ...stock.failed],
  };
}

/**
 * The marks of the last successful run of the Schedule. Null for the first run, and for a run that the Schedule has not
 * started.
 */
function lastMarks(): ReconcileResult['marks'] {
  const { lastResult } = workflowInfo();
  const { marks } = (lastResult ?? {}) as Partial<ReconcileResult>;
  return { ledger: null, orders: null, stock: null, ...marks };
}

interface Reconciled<Mark> extends Pick<ReconcileResult, 'found' | 'repaired' | 'failed'> {
  /** Null if the comparison or the report of its repairs failed. */
  mark: Mark | null;
}

interface CompareAndRepair<Mark> extends WithPublicUrl {
  name: ComparisonName;
  comparison: () => Promise<Comparison<Mark>>;
}

async function compareAndRepair<Mark>({
  name,
  comparison,
  publicUrl,
}: CompareAndRepair<Mark>): Promise<Reconciled<Mark>> {
  try {
    const { anomalies, found, mark } = await comparison();
    const repairs = await Promise.all(anomalies.map((anomaly) => tryRepair(anomaly, publicUrl)));
    const repaired = anomalies.filter((_anomaly, index) => repairs[index]);
    if (repaired.length > 0) await reportRepairs({ anomalies: repaired });
    return { mark, found, repaired: repaired.length, failed: [] };
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    log.warn('a comparison failed; the next run covers what it missed', { comparison: name, reason: rootCause(error) });
    return { mark: null, found: {}, repaired: 0, failed: [name] };
  }
}

/**
 * Makes a repair. Does not throw if the repair fails, so that the caller can still make the other repairs.
 *
 * @returns whether the repair did something
 */
async function tryRepair(anomaly: Anomaly, publicUrl: string): Promise<boolean> {
  try {
    return await repair(anomaly, publicUrl);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('a repair failed; the next run tries again', { ...anomaly, reason: rootCause(error) });
    return false;
  }
}

async function repair({ repair: needed }: Anomaly, publicUrl: string): Promise<boolean> {
  if (needed === null) return false;
  const { orderId } = needed;
  switch (needed.action) {
    case 'refund': {
      const { refundId, latePayment, orderStatus } = needed;
      return startRefund({ orderId, refundId, latePayment, publicUrl }, { orderStatus, allowDuplicate: true });
    }
    case 'signal_paid':
      await signalPayment({ ...needed, publicUrl }, { status: 'paid', eventId: askedEventId });
      return true;
    case 'resume_checkout':
      return resumeCheckout({ ...needed, publicUrl });
    case 'dispatch':
      return startDispatch({ orderId, publicUrl }, { allowDuplicate: true });
    case 'replace':
      return replaceRun({ ...needed, publicUrl });
    default:
      return needed satisfies never;
  }
}

/**
 * Replaces a stalled run. The new run gets the payment event of the stalled run, and reads everything else from
 * Postgres and the gateway.
 */
async function replaceRun({ workflowId, runId, ...order }: PlacedOrderRef & RunRef): Promise<boolean> {
  const { ended, payment } = await endStalledRun({ workflowId, runId });
  if (!ended) return false;
  if (payment === null) await resumeCheckout(order);
  else await signalPayment(order, payment);
  return true;
}
