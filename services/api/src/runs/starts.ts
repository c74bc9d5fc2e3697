import { randomBytes, randomUUID } from 'node:crypto';
import { orderIdFrom, type workflowTypes } from '@widget-store/contract';
import type { RefundInput } from '@widget-store/workflows/messages';
import { checkoutStart, dispatchStart, refundStart } from '@widget-store/workflows/starts';
import type { Cart } from '../cart';
import { isClosed } from './calls';
import type { RunsContext } from './context';

/**
 * An open run of the id is joined; a failed or terminated one is started again. With `allowDuplicate` also a completed
 * one: its order is open again because Postgres was restored to an earlier moment.
 */
export function idPolicies(allowDuplicate = false) {
  return {
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: allowDuplicate ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
  } as const;
}

interface CheckoutToRun {
  idempotencyKey: string;
  /** What the key buys; absent for a run that takes over an order of Postgres. */
  cart?: Cart;
  /** Id of that order. */
  orderId?: string;
  allowDuplicate?: boolean;
}

/** Start options of the checkout run of a key. */
export function checkoutRun(checkout: CheckoutToRun, { taskQueue, paymentWindowMs, publicUrl }: RunsContext) {
  const { idempotencyKey, cart, orderId = orderIdFrom(randomBytes(16).toString('hex')), allowDuplicate } = checkout;
  const { lines, fingerprint } = cart ?? { lines: [], fingerprint: '' };
  const requestId = randomUUID();
  const input = { idempotencyKey, orderId, lines, fingerprint, requestId, paymentWindowMs, publicUrl };
  return { ...idPolicies(allowDuplicate), ...checkoutStart(input), taskQueue };
}

/** Start options of the dispatch of a paid order, where its checkout did not start it. */
export function dispatchRun(
  { orderId, allowDuplicate }: { orderId: string; allowDuplicate?: boolean },
  { taskQueue, publicUrl }: RunsContext,
) {
  return { ...idPolicies(allowDuplicate), ...dispatchStart({ orderId, publicUrl }), taskQueue };
}

/** Start options of the refund of a payment. */
export function refundRun(input: Omit<RefundInput, 'publicUrl'>, { taskQueue, publicUrl }: RunsContext) {
  return { ...idPolicies(), ...refundStart({ ...input, publicUrl }), taskQueue };
}

/** Starts a run or joins the open one. @returns false when the run is closed */
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
