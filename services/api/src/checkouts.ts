import { setTimeout as delay } from 'node:timers/promises';
import {
  WithStartWorkflowOperation,
  type WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { Store } from '@widget-store/db';
import {
  checkoutWorkflowId,
  dispatchWorkflowId,
  type OrderStatus,
  workflowTypes,
} from '@widget-store/workflows/contract';
import {
  type CheckoutInput,
  orderIdQuery,
  paymentIdQuery,
  paymentSignal,
  reservationUpdate,
  reservationUpdateId,
} from '@widget-store/workflows/messages';

import { Problem } from './problem';

export interface CheckoutsDeps {
  temporal: WorkflowClient;
  store: Pick<Store, 'findCheckout' | 'readOrder'>;
  taskQueue: string;
  paymentWindowMs: number;
  /** Milliseconds until a call to Temporal gives up, its wait for a worker included. */
  deadlineMs: number;
}

/** The api's side of the checkout workflow: start it, tell it of its payment, ask it for its ids. */
export interface Checkouts {
  /**
   * Starts the checkout of a key, or joins the one there is.
   *
   * @returns the payment id, or null when the stock was not there
   */
  start(idempotencyKey: string): Promise<string | null>;
  /**
   * Tells the checkout of a payment how that payment ended, and waits until the order shows it.
   *
   * @returns the order id, or null when there is no such payment
   * @throws Problem `webhook_amount_mismatch` when an amount is given that is not the order's total
   */
  settle(news: PaymentNews): Promise<string | null>;
}

/** How a payment ended. */
export interface PaymentNews {
  paymentId: string;
  /** `paid`, or any other word for a payment that did not happen. */
  status: string;
  /** What the gateway says was paid, in minor units; absent in the unsigned form. */
  amount?: { minor: number; currency: string };
}

const defaultLines = [{ productId: 1, quantity: 1 }];

export function createCheckouts({ temporal, store, taskQueue, paymentWindowMs, deadlineMs }: CheckoutsDeps): Checkouts {
  const inTime = <T>(work: () => Promise<T>): Promise<T> => temporal.withDeadline(Date.now() + deadlineMs, work);

  /** An open run is joined. A closed one is not repeated, unless it failed or was terminated before its order ended. */
  const startOptions = (idempotencyKey: string) => {
    const input: CheckoutInput = { idempotencyKey, lines: defaultLines, paymentWindowMs };
    return {
      workflowId: checkoutWorkflowId(idempotencyKey),
      taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowTaskTimeout: '5 seconds',
      staticSummary: `checkout of product ${defaultLines.map((line) => line.productId).join(', ')}`,
    } as const;
  };

  return {
    start: (idempotencyKey) =>
      inTime(async () => {
        const options = startOptions(idempotencyKey);
        await untilReserved(temporal, options);
        return temporal.getHandle(options.workflowId).query(paymentIdQuery);
      }),

    settle: async ({ paymentId, status, amount }) => {
      const checkout = await store.findCheckout(paymentId);
      if (checkout === undefined) return null;
      if (amount !== undefined && !isTotal(checkout, amount)) {
        throw new Problem('webhook_amount_mismatch', 'The amount or the currency is not that of the order.');
      }
      const { orderId } = checkout;
      if (isOver(checkout.status)) return orderId;
      return inTime(async () => {
        try {
          // With start, because Temporal may have lost a run whose order still waits for this payment.
          const run = await temporal.signalWithStart(workflowTypes.checkout, {
            ...startOptions(checkout.idempotencyKey),
            signal: paymentSignal,
            signalArgs: [{ status }],
          });
          const decided = await untilDecided(() => run.query(orderIdQuery));
          await untilShown(async () => (await store.findCheckout(paymentId))?.status);
          return decided;
        } catch (error) {
          if (!isClosed(error)) throw error;
          await continueDispatch(orderId);
          return orderId;
        }
      });
    },
  };

  /** A closed checkout has started its order's dispatch; one that somebody terminated goes on where its row stands. */
  async function continueDispatch(orderId: string): Promise<void> {
    if ((await store.readOrder(orderId))?.status !== 'PAID') return;
    try {
      await temporal.start(workflowTypes.dispatch, {
        workflowId: dispatchWorkflowId(orderId),
        taskQueue,
        args: [{ orderId }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        staticSummary: `dispatch of ${orderId}`,
      });
    } catch (error) {
      if (!isClosed(error)) throw error;
    }
  }
}

/** Nothing that comes later changes these orders. */
function isOver(status: OrderStatus): boolean {
  return status === 'DISPATCHED' || status === 'CANCELLED';
}

/**
 * Starts or joins the run and waits until its reservation is decided. A run that is closed, or whose wait failed, still
 * answers its Queries, and they have the last word.
 */
async function untilReserved(
  temporal: WorkflowClient,
  options: ConstructorParameters<typeof WithStartWorkflowOperation>[1],
): Promise<void> {
  try {
    await temporal.executeUpdateWithStart(reservationUpdate, {
      updateId: reservationUpdateId,
      startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, options),
    });
  } catch (error) {
    if (!isClosed(error) && !(error instanceof WorkflowUpdateFailedError)) throw error;
  }
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

function isTotal(
  order: { totalMinor: number; currency: string },
  amount: { minor: number; currency: string },
): boolean {
  return order.totalMinor === amount.minor && order.currency === amount.currency;
}

function isClosed(error: unknown): boolean {
  return error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError;
}
