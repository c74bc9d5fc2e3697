import {
  checkoutTaskTimeout,
  checkoutWorkflowId,
  dispatchWorkflowId,
  type OrderStatus,
  refundWorkflowId,
  syncPaymentWorkflowId,
} from '@widget-store/contract';
import type { CheckoutInput, DispatchInput, RefundInput, SyncInput } from './messages';
import { type IndexedOrder, operationsLink, searchAttributesOf } from './visibility';

export { searchAttributesOf };

/*
 * The start options of the runs of an order: workflow id, input, search attributes, and texts for the Temporal Web UI.
 * The api and other runs use these options. The caller adds the workflow id policy, which applies if the id already has
 * a run.
 */

/** If `lines` is empty, the run continues an order that is already in Postgres. */
export function checkoutStart(input: CheckoutInput) {
  const { idempotencyKey, orderId, lines } = input;
  const summary = lines.map(({ productId, quantity }) => `${quantity} of product ${productId}`).join(', ');
  return {
    workflowId: checkoutWorkflowId(idempotencyKey),
    args: [input],
    workflowTaskTimeout: checkoutTaskTimeout,
    staticSummary: summary || 'continues an order',
    staticDetails: operationsLink(input),
    typedSearchAttributes: searchAttributesOf({ orderId, status: 'PENDING', paymentStatus: 'pending' }),
  } as const;
}

export function dispatchStart(input: DispatchInput) {
  const { orderId } = input;
  return {
    workflowId: dispatchWorkflowId(orderId),
    args: [input],
    staticSummary: `dispatch of ${orderId}`,
    staticDetails: operationsLink(input),
    typedSearchAttributes: searchAttributesOf({ orderId, status: 'PAID', paymentStatus: 'paid' }),
  } as const;
}

/** @param status the status of the order */
export function refundStart(input: RefundInput, status: OrderStatus) {
  const { orderId, refundId } = input;
  return {
    workflowId: refundWorkflowId(refundId),
    args: [input],
    staticSummary: `refund of ${orderId}`,
    staticDetails: operationsLink(input),
    typedSearchAttributes: searchAttributesOf({ orderId, status, paymentStatus: 'refunding' }),
  } as const;
}

/** The start options of the run that records the gateway's refunds and disputes of a payment. */
export function syncPaymentStart(input: SyncInput, order: Pick<IndexedOrder, 'status' | 'paymentStatus'>) {
  const { orderId, paymentId } = input;
  return {
    workflowId: syncPaymentWorkflowId(paymentId),
    args: [input],
    staticSummary: `refunds and disputes of ${orderId}`,
    staticDetails: operationsLink(input),
    typedSearchAttributes: searchAttributesOf({ orderId, ...order }),
  } as const;
}
