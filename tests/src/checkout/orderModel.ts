import { isDeepStrictEqual } from 'node:util';
import {
  type CancelReason,
  dispatchTicks,
  type Fulfilment,
  type OrderLine,
  type OrderStatus,
  type PaymentStatus,
  type RefundStatus,
} from '@widget-store/contract';

/** The visible state of an order. */
export interface ModelOrder {
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  cancelReason: CancelReason | null;
  progressRemaining: number;
  fulfilment: Fulfilment;
  isReady: boolean;
  /** The carrier of the parcel; null until the order is shipped. */
  carrier: string | null;
  capturedMinor: number;
  /** The amount of the refund that the store itself makes, or 0. In the model, this refund stays pending. */
  ownRefundMinor: number;
  /** The status of the refund that an operator has asked for. Null if nobody has asked. */
  operatorRefund: RefundStatus | null;
  /** The units of the first line that the operator's refund has returned to stock. */
  returned: number;
}

/** The amount of every operator's refund, which also returns one unit of the first line to stock. */
export const operatorRefundMinor = 1500;
const prices: Record<number, number> = { 1: 9999, 2: 1999 };

/** A store as plain data: orders by name, and the inventory by product id. */
export interface ModelStore {
  orders: Record<string, ModelOrder & { lines: OrderLine[] }>;
  inventory: Record<number, number>;
}

export type StoreEvent =
  | { kind: 'placeOrder'; order: string; lines: OrderLine[]; fulfilment: Fulfilment }
  | { kind: 'markOrderPaid'; order: string }
  | { kind: 'cancelOrder'; order: string; reason: Exclude<CancelReason, 'sold_out'> }
  | { kind: 'cancelPaidOrder'; order: string }
  | { kind: 'tickDispatch'; order: string; from: number }
  | { kind: 'markReadyToShip'; order: string }
  | { kind: 'shipOrder'; order: string; carrier: string }
  | { kind: 'beginRefund'; order: string }
  | { kind: 'requestRefund'; order: string }
  | { kind: 'recordRefund'; order: string; status: RefundStatus }
  | { kind: 'restock'; productId: number; available: number };

const paymentStatusAfter = {
  payment_failed: 'failed',
  payment_expired: 'expired',
  cancelled: 'cancelled',
} as const;

/** Returns the store after an event. This is the whole state machine of an order, without a database. */
function afterEvent(store: ModelStore, event: StoreEvent): ModelStore {
  if (event.kind === 'restock') {
    return { ...store, inventory: { ...store.inventory, [event.productId]: event.available } };
  }
  if (event.kind === 'placeOrder') return afterPlacing(store, event);
  const order = store.orders[event.order];
  if (order === undefined) return store;
  const changed = withPaymentStatus({ ...order, ...changeOf(order, event) });
  return {
    orders: { ...store.orders, [event.order]: changed },
    inventory: moved(moved(store.inventory, heldBy(order), 1), heldBy(changed), -1),
  };
}

type Answer = OrderStatus | undefined;

export interface Outcome {
  store: ModelStore;
  /** The answer of each event: the status of the event's order, or undefined if there is no order. */
  answers: Answer[];
}

/**
 * Returns every possible result of concurrent events, which may take effect in any sequence. An event that changes
 * something answers with the new status. An event that changes nothing reads the status a moment later. By then, other
 * events may have changed the status.
 */
export function possibleOutcomes(store: ModelStore, events: StoreEvent[]): Outcome[] {
  return permutations([...events.keys()]).flatMap((order) => {
    const stores = [store];
    for (const index of order) stores.push(afterEvent(stores.at(-1) as ModelStore, events[index] as StoreEvent));
    const answersOf = (event: StoreEvent, index: number): Answer[] => {
      if (event.kind === 'restock') return [undefined];
      const position = order.indexOf(index);
      const statuses = stores.map(({ orders }) => orders[event.order]?.status);
      const changed = !isDeepStrictEqual(stores[position], stores[position + 1]);
      return [...new Set(statuses.slice(position + 1, changed ? position + 2 : undefined))];
    };
    return combinations(events.map(answersOf)).map((answers) => ({ store: stores.at(-1) as ModelStore, answers }));
  });
}

function combinations<Item>(choices: Item[][]): Item[][] {
  return choices.reduce<Item[][]>((all, items) => all.flatMap((one) => items.map((item) => [...one, item])), [[]]);
}

function permutations<Item>(items: Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

function afterPlacing(store: ModelStore, event: StoreEvent & { kind: 'placeOrder' }): ModelStore {
  const { order, lines, fulfilment } = event;
  if (store.orders[order] !== undefined) return store;
  const inStock = lines.every(({ productId, quantity }) => (store.inventory[productId] ?? 0) >= quantity);
  const placed = {
    status: inStock ? 'PENDING' : 'CANCELLED',
    paymentStatus: inStock ? 'pending' : 'none',
    cancelReason: inStock ? null : 'sold_out',
    progressRemaining: dispatchTicks,
    fulfilment,
    isReady: false,
    carrier: null,
    capturedMinor: 0,
    ownRefundMinor: 0,
    operatorRefund: null,
    returned: 0,
    lines,
  } as const;
  return {
    orders: { ...store.orders, [order]: placed },
    inventory: inStock ? moved(store.inventory, lines, -1) : store.inventory,
  };
}

type OrderEvent = Exclude<StoreEvent, { kind: 'placeOrder' | 'restock' }>;

function totalMinor(lines: OrderLine[]): number {
  return lines.reduce((sum, { productId, quantity }) => sum + (prices[productId] ?? 0) * quantity, 0);
}

function refundedMinor({ ownRefundMinor, operatorRefund }: ModelOrder): number {
  return ownRefundMinor + (operatorRefund === null || operatorRefund === 'failed' ? 0 : operatorRefundMinor);
}

function withPaymentStatus<Order extends ModelOrder>(order: Order): Order {
  if (order.capturedMinor === 0) return order;
  const isPending = order.ownRefundMinor > 0 || order.operatorRefund === 'pending';
  const refunded = refundedMinor(order);
  const settled = refunded === 0 ? 'paid' : refunded < order.capturedMinor ? 'partially_refunded' : 'refunded';
  return { ...order, paymentStatus: isPending ? 'refunding' : settled };
}

const ranks: Record<RefundStatus, number> = { pending: 0, succeeded: 1, failed: 2 };

function changeOf(order: ModelOrder & { lines: OrderLine[] }, event: OrderEvent): Partial<ModelOrder> {
  const { status, progressRemaining, fulfilment, capturedMinor, operatorRefund } = order;
  const leftMinor = capturedMinor - refundedMinor(order);
  switch (event.kind) {
    case 'markOrderPaid':
      return status === 'PENDING' ? { status: 'PAID', capturedMinor: totalMinor(order.lines) } : {};
    case 'cancelOrder': {
      const { reason } = event;
      if (status !== 'PENDING') return {};
      return { status: 'CANCELLED', paymentStatus: paymentStatusAfter[reason], cancelReason: reason };
    }
    case 'cancelPaidOrder':
      return status === 'PAID' && (hasPiecesLeft(order) || !order.isReady)
        ? { status: 'CANCELLED', cancelReason: 'cancelled', ownRefundMinor: leftMinor }
        : {};
    case 'tickDispatch': {
      if (status !== 'PAID' || progressRemaining !== event.from) return {};
      return { progressRemaining: event.from - 1, status: event.from === 1 ? 'DISPATCHED' : 'PAID' };
    }
    case 'markReadyToShip':
      return status === 'PAID' && fulfilment === 'manual' ? { isReady: true } : {};
    case 'shipOrder': {
      const isShippable = status === 'PAID' && order.isReady && leftMinor > 0 && hasPiecesLeft(order);
      return isShippable ? { status: 'DISPATCHED', progressRemaining: 0, carrier: event.carrier } : {};
    }
    case 'beginRefund': {
      const isLate = status === 'CANCELLED' && order.cancelReason !== 'sold_out' && capturedMinor === 0;
      return isLate ? { capturedMinor: totalMinor(order.lines), ownRefundMinor: totalMinor(order.lines) } : {};
    }
    case 'requestRefund':
      if (operatorRefund !== null || leftMinor < operatorRefundMinor) return {};
      return { operatorRefund: 'pending', returned: 1 };
    case 'recordRefund':
      return operatorRefund !== null && ranks[event.status] > ranks[operatorRefund]
        ? { operatorRefund: event.status }
        : {};
    default:
      return event satisfies never;
  }
}

function hasPiecesLeft({ lines, returned }: Pick<ModelStore['orders'][string], 'lines' | 'returned'>): boolean {
  return lines.some(({ quantity }, index) => quantity > (index === 0 ? returned : 0));
}

function heldBy({ status, lines, returned }: ModelStore['orders'][string]): OrderLine[] {
  if (status === 'CANCELLED') return [];
  return lines.map((line, index) => (index === 0 ? { ...line, quantity: line.quantity - returned } : line));
}

function moved(inventory: ModelStore['inventory'], lines: OrderLine[], direction: 1 | -1): ModelStore['inventory'] {
  const changed = lines.map(({ productId, quantity }) => [
    productId,
    (inventory[productId] ?? 0) + direction * quantity,
  ]);
  return { ...inventory, ...(Object.fromEntries(changed) as ModelStore['inventory']) };
}
