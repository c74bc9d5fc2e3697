import { WithStartWorkflowOperation, type WorkflowClient, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Store } from '@widget-store/db';
import { type PlacedOrder, workflowTypes } from '@widget-store/contract';
import { checkoutQuery, reservationUpdate, reservationUpdateId } from '@widget-store/workflows/messages';
import type { Admission } from '../admission/admission';
import type { Cart } from '../cart';
import type { OrderIds } from './orderIds';
import { Problem } from '../problem';
import { askOpenRun, checkoutRun, inTime, isClosed, outlastingFailedTasks, type RunsDeps } from './runs';

export interface CheckoutsDeps extends RunsDeps {
  store: Pick<Store, 'findPlacedOrder' | 'listProducts'>;
  admission: Pick<Admission, 'run'>;
  orderIds: Pick<OrderIds, 'remember'>;
}

/** The api's side of the checkout workflow before the payment: start it, ask it for its ids. */
export interface Checkouts {
  /**
   * Starts the checkout of a key, or joins the one there is, and waits until its order is placed.
   *
   * @param request.signal aborted when the client is gone
   * @throws Problem `idempotency_key_reused` when the key was first used for another cart; `product_unknown`;
   * `mixed_currencies`; `overloaded`, and then nothing was begun
   */
  start(request: CheckoutRequest): Promise<StartedCheckout>;
  /** Where the checkout of a key stands; undefined when nobody used the key. */
  find(idempotencyKey: string): Promise<PlacedOrder | undefined>;
}

interface CheckoutRequest {
  idempotencyKey: string;
  cart: Cart;
  signal: AbortSignal;
}

interface StartedCheckout {
  order: PlacedOrder;
  /** Whether an earlier request placed the order. */
  replayed: boolean;
}

export function createCheckouts(deps: CheckoutsDeps): Checkouts {
  const { temporal, store, admission } = deps;
  const catalogue = catalogueOf(store);

  async function begin({ idempotencyKey, cart }: CheckoutRequest): Promise<StartedCheckout> {
    await catalogue.refuseUnsellable(cart);
    return inTime(deps, async () => {
      const options = checkoutRun({ idempotencyKey, cart }, deps);
      await untilReserved(temporal, options);
      const asked = await askOpenRun(temporal.getHandle(options.workflowId), checkoutQuery);
      const order = asked === undefined ? await store.findPlacedOrder(idempotencyKey) : asked;
      if (order === undefined || order === null)
        throw new Problem('temporal_unavailable', 'The order is not placed yet.');
      refuseOtherCart(order, cart);
      const { paymentId, orderId } = order;
      if (paymentId !== null) deps.orderIds.remember({ paymentId, orderId });
      return { order, replayed: order.requestId !== options.args[0].requestId };
    });
  }

  /** One row of Postgres instead of a run: who asks again for what was placed is never turned away for those who come new. */
  async function findStarted({ idempotencyKey, cart }: CheckoutRequest): Promise<StartedCheckout | undefined> {
    const order = await store.findPlacedOrder(idempotencyKey);
    if (order === undefined) return undefined;
    refuseOtherCart(order, cart);
    return { order, replayed: true };
  }

  return {
    start: (request) =>
      admission.run(() => begin(request), { known: () => findStarted(request), signal: request.signal }),

    // The row goes on changing after the checkout's run has ended.
    find: (idempotencyKey) => store.findPlacedOrder(idempotencyKey),
  };
}

function refuseOtherCart({ fingerprint }: PlacedOrder, cart: Cart): void {
  if (fingerprint === cart.fingerprint) return;
  throw new Problem('idempotency_key_reused', 'This idempotency key was used for another cart.');
}

/**
 * Nothing is ever taken out of the catalogue, and no product changes its currency, so one that was seen there needs no second
 * look.
 */
function catalogueOf(store: Pick<Store, 'listProducts'>) {
  const currencies = new Map<number, string>();
  return {
    /** @throws Problem `product_unknown`, or `mixed_currencies` */
    refuseUnsellable: async ({ lines }: Cart): Promise<void> => {
      if (lines.some(({ productId }) => !currencies.has(productId))) {
        for (const { productId, currency } of await store.listProducts()) currencies.set(productId, currency);
      }
      const unknown = lines.find(({ productId }) => !currencies.has(productId));
      if (unknown !== undefined) throw new Problem('product_unknown', `There is no product ${unknown.productId}.`);
      if (new Set(lines.map(({ productId }) => currencies.get(productId))).size > 1) {
        throw new Problem('mixed_currencies', 'The prices of this cart are in two currencies: buy them apart.');
      }
    },
  };
}

/**
 * Starts or joins the run and waits until its order is placed. Where the run is closed, or the wait failed, what is asked next
 * has the last word.
 */
async function untilReserved(temporal: WorkflowClient, options: ReturnType<typeof checkoutRun>): Promise<void> {
  try {
    await outlastingFailedTasks(() =>
      temporal.executeUpdateWithStart(reservationUpdate, {
        updateId: reservationUpdateId,
        startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, options),
      }),
    );
  } catch (error) {
    if (!isClosed(error) && !(error instanceof WorkflowUpdateFailedError)) throw error;
  }
}
