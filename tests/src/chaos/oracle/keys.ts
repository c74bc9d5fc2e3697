import type { Evidence, OrderRecord } from '../evidence';
import type { Operation } from '../../support/clients/history';
import { hotProductId } from '../plan';
import { type Anomaly, breaking, groupedBy } from './anomaly';

/** I2: each key was sent by a client and has at most one order, and all its answers have the order's ids and cart. */
export function judgeKeys({ database, operations }: Pick<Evidence, 'database' | 'operations'>): Anomaly[] {
  const ordersOf = groupedBy(database.orders, ({ key }) => key);
  const checkouts = operations.filter(({ f }) => f === 'checkout');
  const sent = new Set(checkouts.map(({ request }) => request.key));
  const answered = checkouts.filter(({ outcome }) => outcome === 'ok');
  const answersOf = groupedBy(answered, ({ request }) => request.key ?? '');
  const repeated = [...ordersOf].filter(([, orders]) => orders.length > 1);
  return breaking('I2', [
    ...[...ordersOf.keys()]
      .filter((key) => !sent.has(key))
      .map((key) => `${key} has an order, but no client sent this key`),
    ...repeated.map(([key, orders]) => `${key} has ${orders.map(({ orderId }) => orderId).join(' and ')}`),
    ...[...answersOf].flatMap(([key, answers]) => differingAnswers(key, answers)),
    ...[...answersOf].flatMap(([key, answers]) => foreignAnswers(ordersOf.get(key)?.[0], answers, database)),
  ]);
}

function differingAnswers(key: string, answers: Operation[]): string[] {
  const ids = new Set(answers.map(({ response }) => `${response.orderId} with ${response.paymentId}`));
  return ids.size > 1 ? [`the answers to ${key} have the ids ${[...ids].join(' and ')}`] : [];
}

/**
 * Finds answers that contain the ids of another order, and answers to requests whose cart differs from the order's
 * cart.
 */
function foreignAnswers(
  order: OrderRecord | undefined,
  answers: Operation[],
  { items }: Evidence['database'],
): string[] {
  if (order === undefined) return [];
  const bought = cartText(
    items
      .filter(({ orderId }) => orderId === order.orderId)
      .map(({ productId, quantity }): [number, number] => [productId, quantity]),
  );
  return answers.flatMap(({ request, response }) => {
    const wrong: string[] = [];
    const { orderId, paymentId } = response;
    if (orderId !== order.orderId || paymentId !== order.paymentId) {
      wrong.push(`an answer to ${order.key} has ${orderId} and ${paymentId}; its order is ${order.orderId}`);
    }
    const asked = cartText(request.cart ?? []);
    if (asked !== bought) wrong.push(`an answer to ${order.key} is for the cart ${asked}; its order has ${bought}`);
    return wrong;
  });
}

function cartText(cart: [number, number][]): string {
  return cart
    .map(([productId, quantity]) => `${quantity} of ${productId}`)
    .toSorted()
    .join(', ');
}

/** I4: whatever an answer has reported to a client, including a sold-out order, still exists at the end. */
export function judgeAnswers({ database, operations, charges }: Evidence): Anomaly[] {
  const orders = new Map(database.orders.map((order) => [order.orderId, order]));
  const chargeOf = new Map(charges.map((charge) => [charge.paymentId, charge]));
  const firstRestockMs = firstRestock({ database, operations });
  const lost = operations.flatMap(({ id, f, outcome, request, response, endMs }): string[] => {
    const told = `operation ${id} was answered ${response.status}`;
    if (f === 'checkout' && response.code === 'checkout_failed') {
      const known = database.orders.find(({ key }) => key === request.key);
      return known?.cancelReason === 'sold_out' ? [] : [`${told} (sold out), but ${request.key} has no such order`];
    }
    if (outcome !== 'ok') return [];
    switch (f) {
      case 'checkout':
      case 'read_order': {
        const orderId = response.orderId ?? '';
        return orders.has(orderId) ? [] : [`${told} with ${orderId}, which does not exist`];
      }
      case 'cancel': {
        const status = orders.get(request.orderId ?? '')?.status;
        return status === 'CANCELLED' ? [] : [`${told}, but ${request.orderId} is ${status} and not cancelled`];
      }
      case 'page': {
        const { paymentId = '' } = request;
        if (response.payable !== true || chargeOf.has(paymentId)) return [];
        return [`${told} with the page of ${paymentId}, but the gateway does not have this payment`];
      }
      case 'settle': {
        const charge = chargeOf.get(request.paymentId ?? '');
        return charge !== undefined && charge.status !== 'open' ? [] : [`${told}, but ${request.paymentId} is open`];
      }
      case 'restock':
        return firstRestockMs <= endMs ? [] : [`${told}, but nothing had been restocked since the start of the load`];
      default:
        return [];
    }
  });
  return breaking('I4', lost);
}

/**
 * Returns the time of the first restock of the hot product during the load; Infinity if there was none. A restock that
 * finds nothing to add leaves no movement, so `judgeAnswers` does not expect a movement for each restock.
 */
function firstRestock({ database, operations }: Pick<Evidence, 'database' | 'operations'>): number {
  const loadStartMs = operations.reduce((earliest, { startMs }) => Math.min(earliest, startMs), Infinity);
  const restockedMs = database.movements
    .filter(({ productId, kind }) => productId === hotProductId && kind === 'restock')
    .map(({ createdAt }) => Date.parse(createdAt));
  return Math.min(...restockedMs.filter((ms) => ms >= loadStartMs));
}
