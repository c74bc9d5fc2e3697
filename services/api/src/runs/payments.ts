import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Checkout, Store } from '@widget-store/db';
import { isOver, paysFor, workflowTypes } from '@widget-store/contract';
import { orderIdQuery, type PaymentEvent, paymentSignal } from '@widget-store/workflows/messages';
import type { ChangeWaits } from '../watches/changeWaits';
import type { OrderIds } from './orderIds';
import { inTraceOfCheckout } from './orderTrace';
import { Problem } from '../problem';
import {
  anew,
  askOpenRun,
  checkoutRun,
  dispatchRun,
  inTime,
  isClosed,
  refundRun,
  type RunsDeps,
  startOnce,
} from './runs';

export interface PaymentsDeps extends RunsDeps {
  store: Pick<Store, 'findCheckout'>;
  orderIds: Pick<OrderIds, 'of'>;
  changes: Pick<ChangeWaits, 'listen'>;
}

/** How a payment ended. */
export interface PaymentNews extends PaymentEvent {
  paymentId: string;
  /** What the gateway says was paid, in minor units; absent in the unsigned form. */
  amount?: { amountMinor: number; currency: string };
}

/** The api's side of what happens once there is news of a payment. */
export interface Payments {
  /**
   * Tells the checkout of a payment how that payment ended, and waits until the order shows it. A payment that comes after
   * its order was cancelled is given back.
   *
   * @returns the order id, or null when there is no such payment
   * @throws Problem `webhook_amount_mismatch` when an amount is given that is not the order's total
   */
  settle(news: PaymentNews): Promise<string | null>;
}

export function createPayments(deps: PaymentsDeps): Payments {
  const { temporal, store } = deps;

  async function tellCheckout(
    { idempotencyKey, orderId }: Checkout,
    { paymentId, status, eventId }: PaymentNews,
    again: Partial<typeof anew> = {},
  ): Promise<void> {
    const change = deps.changes.listen(orderId);
    try {
      const event: PaymentEvent = { status, ...(eventId && { eventId }) };
      // With start, because Temporal may have lost a run whose order still waits for this payment.
      const run = await temporal.signalWithStart(workflowTypes.checkout, {
        ...checkoutRun({ idempotencyKey, orderId }, deps),
        ...again,
        signal: paymentSignal,
        signalArgs: [event],
      });
      await untilShown(deps, { orderId, paymentId, change, run });
    } finally {
      change.end();
    }
  }

  /** Nothing changes an order that is over, but money that came for a cancelled one goes back. */
  async function settleLate(checkout: Checkout, news: PaymentNews): Promise<void> {
    const { paymentId, status, eventId } = news;
    const { orderId, status: orderStatus } = checkout;
    switch (orderStatus) {
      case 'PENDING':
        // Its checkout has decided it, and Postgres was restored to before that.
        return tellCheckout(checkout, news, anew);
      case 'PAID':
        // Its checkout has started the dispatch; one that somebody terminated goes on where its row stands.
        await startOnce(deps, workflowTypes.dispatch, dispatchRun(orderId, deps));
        return undefined;
      case 'CANCELLED': {
        if (status !== 'paid') return undefined;
        const input = { orderId, paymentId, claimed: true, ...(eventId && { eventId }) };
        await startOnce(deps, workflowTypes.refund, refundRun(input, deps));
        return undefined;
      }
      case 'DISPATCHED':
        return undefined;
      default:
        return orderStatus satisfies never;
    }
  }

  return {
    settle: async (news) => {
      const { paymentId, amount } = news;
      const checkout = await store.findCheckout({ paymentId });
      if (checkout === undefined) return null;
      if (amount !== undefined && !paysFor(checkout, amount)) {
        throw new Problem('webhook_amount_mismatch', 'The amount or the currency is not that of the order.');
      }
      const { idempotencyKey, orderId } = checkout;
      const tell = async (): Promise<string> => {
        if (isOver(checkout.status)) await settleLate(checkout, news);
        else {
          try {
            await tellCheckout(checkout, news);
          } catch (error) {
            if (!isClosed(error)) throw error;
            await settleLate((await store.findCheckout({ paymentId })) ?? checkout, news);
          }
        }
        return orderId;
      };
      return inTime(deps, () => inTraceOfCheckout(deps, { idempotencyKey, name: 'settle payment' }, tell));
    },
  };
}

/** Twice as long each time: a run that asks the gateway at its window's end answers null for seconds. */
const askAgainAfterMs = { first: 10, most: 200 };
/** What a Query shows is durable: a database that is slow to show it is no reason to refuse the payment. */
const shownWithinMs = 1000;

interface Told {
  orderId: string;
  paymentId: string;
  change: ReturnType<ChangeWaits['listen']>;
  run: WorkflowHandle;
}

/**
 * Waits until the order shows what its run has decided, so that a client that reads it next sees that. The run is asked where
 * this process has not read the order's id at the checkout, and where the order does not show anything soon.
 */
async function untilShown(
  { store, orderIds, deadlineMs }: PaymentsDeps,
  { orderId, paymentId, change, run }: Told,
): Promise<void> {
  const isShown = async () => (await store.findCheckout({ orderId }))?.status !== 'PENDING';
  const isKnown = orderIds.of(paymentId) === orderId;
  if (isKnown && (await change.until(isShown, deadlineMs / 2))) return;
  // The first Query rides on the signal's own task and has the order id; the surrounding deadline ends the asking. A run that
  // is over has decided.
  for (let ms = askAgainAfterMs.first; (await askOpenRun(run, orderIdQuery)) === null; ms *= 2) {
    await delay(Math.min(ms, askAgainAfterMs.most));
  }
  await change.until(isShown, shownWithinMs);
}
