import { randomUUID } from 'node:crypto';
import {
  WithStartWorkflowOperation,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import {
  type FailureType,
  isRefused,
  type PlacedOrder,
  type RefusedCheckout,
  workflowTypes,
} from '@widget-store/contract';
import {
  checkoutQuery,
  type Reservation,
  reservationUpdate,
  reservationUpdateId,
} from '@widget-store/workflows/messages';
import type { Cart } from '../cart';
import { Problem } from '../problem';
import { isClosed, queryOpenRun, retryFailedTasks, withDeadline } from './calls';
import type { RunsContext } from './context';
import { delayProblem } from './delayedRun';
import { checkoutRun, startOrJoin } from './starts';

interface CheckoutRequest {
  idempotencyKey: string;
  cart: Cart;
  /** The id with which this request starts or joins a run. A new id by default. */
  requestId?: string;
  /** Aborted when the client disconnects. */
  signal: AbortSignal;
}

interface StartedCheckout {
  order: PlacedOrder;
  /** Whether an earlier request placed the order. */
  replayed: boolean;
}

/**
 * Starts the checkout of an idempotency key, or joins the existing one, and waits until its order is placed.
 *
 * @throws Problem `idempotency_key_reused` if the key already has an order with another cart; `product_unknown`;
 * `product_not_on_sale`; `mixed_currencies`; `total_changed`; `product_busy`, `postgres_unavailable` or
 * `temporal_unavailable` if the run has not placed the order; `overloaded` if the checkout was refused and never started
 */
export function startCheckout(context: RunsContext, request: CheckoutRequest): Promise<StartedCheckout> {
  return context.admission.run(() => placeOrder(context, request), {
    findAnswer: () => findPlaced(context, request),
    signal: request.signal,
  });
}

async function placeOrder(context: RunsContext, request: CheckoutRequest): Promise<StartedCheckout> {
  const { cart } = request;
  const refusal = await findRefusal(context, cart);
  if (refusal !== undefined) {
    // A key keeps its first answer, even if the products of its cart have changed since then.
    const placed = await findPlaced(context, request);
    if (placed !== undefined) return placed;
    throw refusal;
  }
  return withDeadline(context, () => placeByRun(context, request));
}

async function placeByRun(context: RunsContext, request: CheckoutRequest): Promise<StartedCheckout> {
  const { idempotencyKey, cart, requestId = randomUUID() } = request;
  const run = checkoutRun({ idempotencyKey, cart, requestId }, context);
  const reservation = await awaitReservation(context, run);
  const isFirst = reservation !== null && 'requestId' in reservation && reservation.requestId === requestId;
  // A repeated request reads the order's row, and sends the Query only if there is no row. The run of an earlier
  // request can be missing in the worker's cache, and a Query could then break the run
  // (`tests/src/temporal/coldQuery.test.ts`).
  const row = isFirst ? undefined : await context.store.findPlacedOrder(idempotencyKey);
  const handle = context.temporal.getHandle(run.workflowId);
  const order = row ?? (await askRun(context, { handle, idempotencyKey, reservation }));
  if (order === undefined) return explainMissing(context, request, await readRefusal(handle));
  checkFingerprint(order, cart);
  const { paymentId, orderId } = order;
  if (paymentId !== null) context.orderIds.remember(paymentId, orderId);
  return { order, replayed: order.requestId !== requestId };
}

interface ReservedRun {
  handle: WorkflowHandle;
  idempotencyKey: string;
  reservation: Reservation | null;
}

/**
 * @returns undefined if the run is closed and has placed no order
 * @throws Problem if the run has not placed its order yet
 */
async function askRun(
  { store }: RunsContext,
  { handle, idempotencyKey, reservation }: ReservedRun,
): Promise<PlacedOrder | undefined> {
  if (reservation === null) return undefined;
  if ('delayedBy' in reservation) {
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') throw notPlaced(reservation.delayedBy);
    return undefined;
  }
  const order = await queryOpenRun(handle, checkoutQuery);
  if (order === null) throw notPlaced();
  return order ?? store.findPlacedOrder(idempotencyKey);
}

/** Answers a request whose run is closed and has placed no order. */
async function explainMissing(
  context: RunsContext,
  request: CheckoutRequest,
  refused: RefusedCheckout | undefined,
): Promise<StartedCheckout> {
  if (refused === undefined) throw notPlaced();
  if (refused.fingerprint !== request.cart.fingerprint) {
    // The key was first used with a cart that was refused. Such a key can be used again with another cart.
    const again = { ...request, requestId: randomUUID() };
    await startOrJoin(context, workflowTypes.checkout, checkoutRun({ ...again, allowDuplicate: true }, context));
    return placeByRun(context, again);
  }
  // The products can have changed since this process read them, so it must read them again.
  context.products.clear();
  throw refusalProblem(refused);
}

/**
 * The problem to report if the run has not placed its order yet. The run continues its attempts or, if it has failed,
 * the next request starts it again. A later request with the same key can therefore find the order.
 */
function notPlaced(delayedBy?: FailureType): Problem {
  const delay = delayedBy === undefined ? undefined : delayProblem(delayedBy);
  return delay ?? new Problem('temporal_unavailable', 'The store has not placed the order yet.');
}

/**
 * Reads the result of a run that is closed or about to close.
 *
 * @returns undefined if the run has failed, was terminated, or did not refuse its cart
 */
async function readRefusal(run: WorkflowHandle): Promise<RefusedCheckout | undefined> {
  try {
    const result: unknown = await run.result();
    return isRefused(result) ? result : undefined;
  } catch (error) {
    if (error instanceof WorkflowFailedError || isClosed(error)) return undefined;
    throw error;
  }
}

function refusalProblem({ refusal, totalMinor }: RefusedCheckout): Problem {
  switch (refusal) {
    case 'ProductNotFound':
      return new Problem('product_unknown', 'A product of this cart does not exist.');
    case 'ProductNotOnSale':
      return notOnSale();
    case 'MixedCurrencies':
      return mixedCurrencies();
    case 'TotalChanged':
      return new Problem('total_changed', 'This cart has another total now.', {}, { total_minor: totalMinor });
    default:
      return refusal satisfies never;
  }
}

function notOnSale(): Problem {
  return new Problem('product_not_on_sale', 'A product of this cart is not on sale at the moment.');
}

function mixedCurrencies(): Problem {
  return new Problem(
    'mixed_currencies',
    'The products of this cart have prices in several currencies. Order them separately.',
  );
}

/**
 * Finds the order of a key in Postgres, without starting a run. A repeated request for a placed order is therefore
 * answered even while new checkouts are refused.
 */
async function findPlaced(
  { store }: RunsContext,
  { idempotencyKey, cart }: CheckoutRequest,
): Promise<StartedCheckout | undefined> {
  const order = await store.findPlacedOrder(idempotencyKey);
  if (order === undefined) return undefined;
  checkFingerprint(order, cart);
  return { order, replayed: true };
}

function checkFingerprint({ fingerprint }: PlacedOrder, cart: Cart): void {
  if (fingerprint === cart.fingerprint) return;
  throw new Problem('idempotency_key_reused', 'This idempotency key was used for another cart.');
}

/**
 * Returns the problem if a cart must be refused. Checks the cart against the products that this process has read, and
 * reads them again before it refuses the cart.
 *
 * @returns undefined if the cart can be bought
 */
async function findRefusal(context: RunsContext, cart: Cart): Promise<Problem | undefined> {
  if (refusalOf(context, cart) === undefined) return undefined;
  await readProducts(context, cart);
  return refusalOf(context, cart);
}

async function readProducts({ store, products }: RunsContext, { lines }: Cart): Promise<void> {
  const productIds = lines.map(({ productId }) => productId);
  const found = await store.readProducts(productIds);
  for (const productId of productIds) products.delete(productId);
  for (const { productId, currency, onSale } of found) products.set(productId, { currency, onSale });
}

/**
 * Checks a cart against the products that this process has read.
 *
 * @returns Problem `product_unknown`, `product_not_on_sale` or `mixed_currencies`; undefined if the cart can be bought
 */
function refusalOf({ products }: RunsContext, { lines }: Cart): Problem | undefined {
  const currencies = new Set<string>();
  for (const { productId } of lines) {
    const product = products.get(productId);
    if (product === undefined) return new Problem('product_unknown', `There is no product ${productId}.`);
    if (!product.onSale) return notOnSale();
    currencies.add(product.currency);
  }
  return currencies.size > 1 ? mixedCurrencies() : undefined;
}

/**
 * Starts or joins the run, and sends an Update that waits until the order is placed, or until the first attempts to
 * place it have failed. Throws no error if the Update fails or the run is closed. The caller then reads the order from
 * Postgres or, without an order, the result of the run.
 *
 * @returns null if the Update has failed or the run is closed
 */
async function awaitReservation(
  { temporal }: RunsContext,
  run: ReturnType<typeof checkoutRun>,
): Promise<Reservation | null> {
  try {
    return await retryFailedTasks(() =>
      temporal.executeUpdateWithStart(reservationUpdate, {
        updateId: reservationUpdateId,
        startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, run),
      }),
    );
  } catch (error) {
    if (!isClosed(error) && !(error instanceof WorkflowUpdateFailedError)) throw error;
    return null;
  }
}
