import { randomBytes, randomUUID } from 'node:crypto';
import { orderIdFrom, type OrderStatus, type RefundRef, type workflowTypes } from '@widget-store/contract';
import type { Checkout } from '@widget-store/db';
import { checkoutStart, dispatchStart, refundStart, syncPaymentStart } from '@widget-store/workflows/starts';
import type { Cart } from '../cart';
import { isClosed } from './calls';
import type { RunsContext } from './context';

/**
 * The policies for a workflow id that already has a run. An open run is joined. After a failed or terminated run, a new
 * one starts. With `allowDuplicate`, a new run also starts after a completed one. Callers need this option, for
 * example, if Postgres was restored to a moment at which the order was unfinished.
 */
function idPolicies(allowDuplicate = false) {
  return {
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: allowDuplicate ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
  } as const;
}

interface CheckoutToRun {
  idempotencyKey: string;
  /** What the key buys. Absent if the run continues an existing order from Postgres. */
  cart?: Cart;
  /** The id of the existing order. Absent if the run places a new order. */
  orderId?: string;
  /** The id of the request that starts the run. */
  requestId?: string;
  allowDuplicate?: boolean;
}

const noCart: Cart = { lines: [], expectedTotalMinor: undefined, fingerprint: '' };

/** The start options of the checkout run of a key. */
export function checkoutRun(checkout: CheckoutToRun, { taskQueue, paymentWindowMs, publicUrl }: RunsContext) {
  const { idempotencyKey, cart, orderId = orderIdFrom(randomBytes(16).toString('hex')), allowDuplicate } = checkout;
  const { lines, fingerprint, expectedTotalMinor } = cart ?? noCart;
  const { requestId = randomUUID() } = checkout;
  const guard = expectedTotalMinor === undefined ? {} : { expectedTotalMinor };
  const input = { idempotencyKey, orderId, lines, fingerprint, ...guard, requestId, paymentWindowMs, publicUrl };
  return { ...idPolicies(allowDuplicate), ...checkoutStart(input), taskQueue };
}

/**
 * The start options of the dispatch run of a paid order. Temporal ignores these options if a dispatch run of the order
 * is open.
 */
export function dispatchRun(
  { orderId, allowDuplicate }: { orderId: string; allowDuplicate?: boolean },
  { taskQueue, publicUrl }: RunsContext,
) {
  return { ...idPolicies(allowDuplicate), ...dispatchStart({ orderId, publicUrl }), taskQueue };
}

interface RefundToRun extends RefundRef {
  orderStatus: OrderStatus;
  allowDuplicate?: boolean;
}

/** The start options of the run of a refund. */
export function refundRun(
  { orderStatus, allowDuplicate, ...refund }: RefundToRun,
  { taskQueue, publicUrl }: RunsContext,
) {
  return { ...idPolicies(allowDuplicate), ...refundStart({ ...refund, publicUrl }, orderStatus), taskQueue };
}

type OrderOfPayment = Pick<Checkout, 'orderId' | 'status' | 'paymentStatus'> & { paymentId: string };

/** The start options of the run that records the gateway's refunds and disputes of a payment. */
export function syncPaymentRun(
  { orderId, paymentId, ...order }: OrderOfPayment,
  { taskQueue, publicUrl }: RunsContext,
) {
  return { ...idPolicies(true), ...syncPaymentStart({ orderId, paymentId, publicUrl }, order), taskQueue };
}

/**
 * Starts a run, or joins the open one.
 *
 * @returns false if the last run is closed and the policies of `run` allow no new one
 */
export async function startOrJoin(
  { temporal }: RunsContext,
  type: keyof typeof workflowTypes,
  run: ReturnType<typeof checkoutRun> | ReturnType<typeof dispatchRun> | ReturnType<typeof refundRun>,
): Promise<boolean> {
  try {
    await temporal.start(type, run);
    return true;
  } catch (error) {
    if (!isClosed(error)) throw error;
    return false;
  }
}
