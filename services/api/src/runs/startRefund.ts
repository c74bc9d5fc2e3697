import { isToMake, type OrderStatus, type Refund, workflowTypes } from '@widget-store/contract';
import { withDeadline } from './calls';
import type { RunsContext } from './context';
import { refundRun, startOrJoin } from './starts';

/** Starts or joins the run of a refund, if the store still has to make the refund at the gateway. Safe to repeat. */
export async function startRefund(context: RunsContext, refund: Refund, orderStatus: OrderStatus): Promise<void> {
  if (!isToMake(refund)) return;
  const { orderId, refundId } = refund;
  const run = refundRun({ orderId, refundId, orderStatus, allowDuplicate: true }, context);
  await withDeadline(context, () => startOrJoin(context, workflowTypes.refund, run));
}
