import { refundByHandWorkflowId, workflowTypes } from '@widget-store/contract';
import { Problem } from '../problem';
import { withDeadline } from './calls';
import type { RunsContext } from './context';
import { idPolicies, refundRun } from './starts';

/**
 * Starts the refund of what the gateway still holds of a cancelled order's payment. Safe to repeat.
 *
 * @returns false when there is no such order
 * @throws Problem `order_not_refundable` when the order is not cancelled, or never had a payment
 */
export function startRefund(context: RunsContext, orderId: string): Promise<boolean> {
  return withDeadline(context, async () => {
    const checkout = await context.store.findCheckout({ orderId });
    if (checkout === undefined) return false;
    const { status, paymentId } = checkout;
    if (status !== 'CANCELLED' || paymentId === null) {
      const detail = 'Only a cancelled order is refunded. Cancel the order first, which works until it is dispatched.';
      throw new Problem('order_not_refundable', detail);
    }
    await context.temporal.start(workflowTypes.refund, {
      ...refundRun({ orderId, paymentId, reportedPaid: false }, context),
      workflowId: refundByHandWorkflowId(paymentId),
      // Also after a completed refund: a person may know more, and the run asks the gateway what it still holds.
      ...idPolicies(true),
    });
    return true;
  });
}
