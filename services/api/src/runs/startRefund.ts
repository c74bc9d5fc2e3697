import { isToMake, type OrderStatus, type Refund, workflowTypes } from '@widget-store/contract';
import { withDeadline } from './calls';
import type { RunsContext } from './context';
import { refundRun, startOrJoin } from './starts';

/** Starts the run of a refund that the gateway has not made, or joins the open one. Safe to repeat. */
export async function startRefund(context: RunsContext, refund: Refund, orderStatus: OrderStatus): Promise<void> {
  if (!isToMake(refund)) return;
  const { orderId, refundId } = refund;
  const run = refundRun({ orderId, refundId, orderStatus, allowDuplicate: true }, context);
  await withDeadline(context, () => startOrJoin(context, workflowTypes.refund, run));
}
