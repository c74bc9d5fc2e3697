import { checkoutTaskTimeout, checkoutWorkflowId, dispatchWorkflowId, refundWorkflowId } from '@widget-store/contract';
import type { CheckoutInput, DispatchInput, RefundInput } from './messages';
import { operationsLink, searchAttributesOf } from './standing';

/*
 * How the runs of an order are started: their ids and inputs, and what lists of runs and the Temporal Web UI show of them. A
 * workflow starts them as its children, the api as their client; how often an id may be started is for each to say.
 */

/** The checkout of a key; without lines, one that takes over an order which Postgres knows. */
export function checkoutStart(input: CheckoutInput) {
  const { idempotencyKey, orderId, lines } = input;
  const summary = lines.map(({ productId, quantity }) => `${quantity} of product ${productId}`).join(', ');
  return {
    workflowId: checkoutWorkflowId(idempotencyKey),
    args: [input],
    workflowTaskTimeout: checkoutTaskTimeout,
    staticSummary: summary || 'an order that Postgres knows',
    staticDetails: operationsLink(input),
    typedSearchAttributes: searchAttributesOf({ orderId, status: 'PENDING', paymentStatus: 'pending' }),
  } as const;
}

/** The dispatch of a paid order. */
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

/** The refund of a payment. */
export function refundStart(input: RefundInput) {
  const { orderId, paymentId } = input;
  return {
    workflowId: refundWorkflowId(paymentId),
    args: [input],
    staticSummary: `refund of ${paymentId}`,
    staticDetails: operationsLink(input),
    typedSearchAttributes: searchAttributesOf({ orderId, status: 'CANCELLED', paymentStatus: 'refunding' }),
  } as const;
}
