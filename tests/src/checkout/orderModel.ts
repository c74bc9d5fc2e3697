import {
  type CancelReason,
  dispatchTicks,
  type OrderLine,
  type OrderStatus,
  type PaymentStatus,
} from '@widget-store/contract';

/** What a shopper or an engineer can see of an order. */
export interface ModelOrder {
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  cancelReason: CancelReason | null;
  progressRemaining: number;
  refundedMinor: number;
}

/** A store as plain data: the orders by name, and what each product has available. */
export interface ModelStore {
  orders: Record<string, ModelOrder & { lines: OrderLine[] }>;
  inventory: Record<number, number>;
}

export type StoreEvent =
  | { kind: 'placeOrder'; order: string; lines: OrderLine[] }
  | { kind: 'markOrderPaid'; order: string }
  | { kind: 'cancelOrder'; order: string; reason: Exclude<CancelReason, 'sold_out'> }
  | { kind: 'cancelPaidOrder'; order: string }
  | { kind: 'tickDispatch'; order: string; from: number }
  | { kind: 'beginRefund'; order: string; claimed: boolean }
  | { kind: 'recordRefund'; order: string; refundedMinor: number }
  | { kind: 'restock'; productId: number; available: number };

const paymentStatusAfter = {
  payment_failed: 'failed',
  payment_expired: 'expired',
  cancelled: 'cancelled',
} as const;

const refundable: PaymentStatus[] = ['failed', 'expired', 'cancelled'];

/** What the store must be after an event: the whole state machine of an order, without a database. */
function afterEvent(store: ModelStore, event: StoreEvent): ModelStore {
  if (event.kind === 'restock') {
    return { ...store, inventory: { ...store.inventory, [event.productId]: event.available } };
  }
  if (event.kind === 'placeOrder') return afterPlacing(store, event);
  const order = store.orders[event.order];
  if (order === undefined) return store;
  const changed = { ...order, ...changeOf(order, event) };
  const released = order.status !== 'CANCELLED' && changed.status === 'CANCELLED' ? order.lines : [];
  return {
    orders: { ...store.orders, [event.order]: changed },
    inventory: moved(store.inventory, released, 1),
  };
}

/** Every state that the store may be in after these events have happened at once. */
export function afterAnyOrder(store: ModelStore, events: StoreEvent[]): ModelStore[] {
  if (events.length === 0) return [store];
  return events.flatMap((event, index) => afterAnyOrder(afterEvent(store, event), events.toSpliced(index, 1)));
}

function afterPlacing(store: ModelStore, { order, lines }: StoreEvent & { kind: 'placeOrder' }): ModelStore {
  if (store.orders[order] !== undefined) return store;
  const inStock = lines.every(({ productId, quantity }) => (store.inventory[productId] ?? 0) >= quantity);
  const placed = {
    status: inStock ? 'PENDING' : 'CANCELLED',
    paymentStatus: inStock ? 'pending' : 'none',
    cancelReason: inStock ? null : 'sold_out',
    progressRemaining: dispatchTicks,
    refundedMinor: 0,
    lines,
  } as const;
  return {
    orders: { ...store.orders, [order]: placed },
    inventory: inStock ? moved(store.inventory, lines, -1) : store.inventory,
  };
}

type OrderEvent = Exclude<StoreEvent, { kind: 'placeOrder' | 'restock' }>;

function changeOf(order: ModelOrder, event: OrderEvent): Partial<ModelOrder> {
  const { status, paymentStatus, progressRemaining } = order;
  switch (event.kind) {
    case 'markOrderPaid':
      return status === 'PENDING' ? { status: 'PAID', paymentStatus: 'paid' } : {};
    case 'cancelOrder': {
      const { reason } = event;
      if (status !== 'PENDING') return {};
      return { status: 'CANCELLED', paymentStatus: paymentStatusAfter[reason], cancelReason: reason };
    }
    case 'cancelPaidOrder':
      return status === 'PAID' ? { status: 'CANCELLED', paymentStatus: 'refunding', cancelReason: 'cancelled' } : {};
    case 'tickDispatch': {
      if (status !== 'PAID' || progressRemaining !== event.from) return {};
      return { progressRemaining: event.from - 1, status: event.from === 1 ? 'DISPATCHED' : 'PAID' };
    }
    case 'beginRefund':
      return event.claimed && refundable.includes(paymentStatus) ? { paymentStatus: 'refunding' } : {};
    case 'recordRefund': {
      const isMore = paymentStatus === 'refunded' && event.refundedMinor > order.refundedMinor;
      if (!isMore && ![...refundable, 'refunding'].includes(paymentStatus)) return {};
      return { paymentStatus: 'refunded', refundedMinor: event.refundedMinor };
    }
    default:
      return event satisfies never;
  }
}

function moved(inventory: ModelStore['inventory'], lines: OrderLine[], direction: 1 | -1): ModelStore['inventory'] {
  const changed = lines.map(({ productId, quantity }) => [
    productId,
    (inventory[productId] ?? 0) + direction * quantity,
  ]);
  return { ...inventory, ...(Object.fromEntries(changed) as ModelStore['inventory']) };
}
