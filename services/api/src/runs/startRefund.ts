import { refundByHandWorkflowId, workflowTypes } from '@widget-store/contract';
import { Problem } from '../problem';
import { withDeadline } from './calls';
import type { RunsContext } from './context';
import { idPolicies, refundRun } from './starts';

/**
 * Starts the refund of what the gateway still holds of a cancelled order's payment. Safe to repeat.
 *
 * @returns false if the order does not exist
 * @throws Problem `order_not_refundable` if the order is not cancelled, or never had a payment
 */
export function startRefund(context: RunsContext, orderId: string): Promise<boolean> {
  return withDeadline(context, async () => {
    const checkout = await context.store.findCheckout({ orderId });
    if (checkout === undefined) return false;
    const { status, paymentId } = checkout;
    if (status !== 'CANCELLED' || paymentId === null) {
      const detail =
        'Only a cancelled order can be refunded. Cancel the order first. This is possible until it is dispatched.';
      throw new Problem('order_not_refundable', detail);
    }
    await context.temporal.start(workflowTypes.refund, {
      ...refundRun({ orderId, paymentId, reportedPaid: false }, context),
      workflowId: refundByHandWorkflowId(paymentId),
      // A new run can start even after a completed refund. That is safe, because a run first asks what the gateway still holds.
      ...idPolicies(true),
    });
    return true;
  });
}
