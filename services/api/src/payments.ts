import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '@widget-store/db';
import { dispatchWorkflowId, type OrderStatus, workflowTypes } from '@widget-store/workflows/contract';
import { orderIdQuery, paymentSignal } from '@widget-store/workflows/messages';
import { checkoutRunOptions, type CheckoutRunsDeps, inTime, isClosed } from './checkoutRuns';
import { Problem } from './problem';

export interface PaymentsDeps extends CheckoutRunsDeps {
  store: Pick<Store, 'findCheckout'>;
}

/** How a payment ended. */
export interface PaymentNews {
  paymentId: string;
  /** `paid`, or any other word for a payment that did not happen. */
  status: string;
  /** What the gateway says was paid, in minor units; absent in the unsigned form. */
  amount?: { minor: number; currency: string };
}

/** The api's side of the checkout workflow once there is news of its payment. */
export interface Payments {
  /**
   * Tells the checkout of a payment how that payment ended, and waits until the order shows it.
   *
   * @returns the order id, or null when there is no such payment
   * @throws Problem `webhook_amount_mismatch` when an amount is given that is not the order's total
   */
  settle(news: PaymentNews): Promise<string | null>;
}

export function createPayments(deps: PaymentsDeps): Payments {
  const { temporal, store } = deps;

  async function tell(checkout: { idempotencyKey: string; paymentId: string; status: string }): Promise<string> {
    // With start, because Temporal may have lost a run whose order still waits for this payment.
    const run = await temporal.signalWithStart(workflowTypes.checkout, {
      ...checkoutRunOptions(checkout.idempotencyKey, undefined, deps),
      signal: paymentSignal,
      signalArgs: [{ status: checkout.status }],
    });
    const orderId = await untilDecided(() => run.query(orderIdQuery));
    await untilShown(async () => (await store.findCheckout(checkout.paymentId))?.status);
    return orderId;
  }

  /** A closed checkout has started its order's dispatch; one that somebody terminated goes on where its row stands. */
  async function continueDispatch({ orderId, paymentId }: { orderId: string; paymentId: string }): Promise<void> {
    if ((await store.findCheckout(paymentId))?.status !== 'PAID') return;
    try {
      await temporal.start(workflowTypes.dispatch, {
        workflowId: dispatchWorkflowId(orderId),
        taskQueue: deps.taskQueue,
        args: [{ orderId }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        staticSummary: `dispatch of ${orderId}`,
      });
    } catch (error) {
      if (!isClosed(error)) throw error;
    }
  }

  return {
    settle: async ({ paymentId, status, amount }) => {
      const checkout = await store.findCheckout(paymentId);
      if (checkout === undefined) return null;
      const { idempotencyKey, orderId, totalMinor, currency } = checkout;
      if (amount !== undefined && (amount.minor !== totalMinor || amount.currency !== currency)) {
        throw new Problem('webhook_amount_mismatch', 'The amount or the currency is not that of the order.');
      }
      if (isOver(checkout.status)) return orderId;
      return inTime(deps, async () => {
        try {
          return await tell({ idempotencyKey, paymentId, status });
        } catch (error) {
          if (!isClosed(error)) throw error;
          await continueDispatch({ orderId, paymentId });
          return orderId;
        }
      });
    },
  };
}

/** Nothing that comes later changes these orders. */
function isOver(status: OrderStatus): boolean {
  return status === 'DISPATCHED' || status === 'CANCELLED';
}

const askAgainAfterMs = 10;

/** The first Query rides on the signal's own task and has the order id; the surrounding deadline ends the asking. */
async function untilDecided(query: () => Promise<string | null>): Promise<string> {
  for (;;) {
    const orderId = await query();
    if (orderId !== null) return orderId;
    await delay(askAgainAfterMs);
  }
}

const shownWithinMs = 1000;

/**
 * Waits until the order shows what its run has decided, so that a client that reads the order next sees it. The decision
 * is durable already: a database that is slow to show it is no reason to refuse the payment.
 */
async function untilShown(readStatus: () => Promise<OrderStatus | undefined>): Promise<void> {
  const end = Date.now() + shownWithinMs;
  while (Date.now() < end && (await readStatus()) === 'PENDING') await delay(askAgainAfterMs);
}
