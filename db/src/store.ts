import type {
  BeginRefundInput,
  CancelOrderInput,
  MarkPaidInput,
  OrderRef,
  OrderState,
  PlacedOrder,
  PlaceOrderInput,
  RecordRefundInput,
} from '@widget-store/workflows/contract';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { connect, type ConnectionOptions } from './connection';
import { withDeadline } from './deadline';
import { beginRefund, recordRefund } from './queries/refundOrder';
import { cancelOrder, cancelPaidOrder, markOrderPaid } from './queries/settleOrder';
import { type DispatchProgress, readDispatchProgress, tickDispatch } from './queries/dispatch';
import {
  type Checkout,
  findCheckout,
  listOrders,
  type OrderPage,
  type OrderRow,
  readOldestHoldAge,
  readOrder,
  readOrders,
} from './queries/orders';
import { findPlaced, placeOrder } from './queries/placeOrder';
import {
  changeProduct,
  listProducts,
  type ProductChange,
  type ProductRow,
  readProduct,
  restock,
} from './queries/products';

/**
 * Everything the store keeps in Postgres. Each writing method is one transaction and may be called again: the second
 * call changes nothing and answers like the first. All of them throw StoreError and nothing else.
 */
export interface Store {
  placeOrder(input: PlaceOrderInput): Promise<PlacedOrder>;
  markOrderPaid(input: MarkPaidInput): Promise<OrderState>;
  cancelOrder(input: CancelOrderInput): Promise<OrderState>;
  cancelPaidOrder(input: OrderRef): Promise<OrderState>;
  beginRefund(input: BeginRefundInput): Promise<OrderState>;
  recordRefund(input: RecordRefundInput): Promise<OrderState>;
  readDispatchProgress(input: OrderRef): Promise<DispatchProgress>;
  tickDispatch(input: { orderId: string; from: number }): Promise<DispatchProgress>;
  findCheckout(key: { paymentId: string } | { orderId: string }): Promise<Checkout | undefined>;
  readOrder(orderId: string): Promise<OrderRow | undefined>;
  /** Those of the orders that exist, in any order. */
  readOrders(orderIds: string[]): Promise<OrderRow[]>;
  listOrders(page: { limit: number; before?: number | undefined }): Promise<OrderPage>;
  /** The order of an idempotency key, as it was placed and as it stands. */
  findPlaced(idempotencyKey: string): Promise<PlacedOrder | undefined>;
  listProducts(): Promise<ProductRow[]>;
  readProduct(productId: number): Promise<ProductRow | undefined>;
  /** @returns the product as it is now, or undefined when there is none of this id */
  changeProduct(change: ProductChange): Promise<ProductRow | undefined>;
  /** Brings a product's available inventory to `available`, as one movement of the difference. */
  restock(input: { productId: number; available: number }): Promise<void>;
  /** Seconds since the oldest order was placed that still waits for its payment; 0 when none does. */
  readOldestHoldAge(): Promise<number>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Waits up to five seconds for running work, then closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens the store lazily: nothing is connected until the first call, and a database that is away may come back. Each call
 * gives up after `deadlineMs`, its wait for a connection included.
 */
export function openStore(options: ConnectionOptions): Store {
  const client = connect(options);
  const db = drizzle(client);
  const bounded = <T>(work: Promise<T>): Promise<T> => withDeadline(work, options.deadlineMs);
  return {
    placeOrder: (input) => bounded(placeOrder(db, input)),
    markOrderPaid: (input) => bounded(markOrderPaid(db, input)),
    cancelOrder: (input) => bounded(cancelOrder(db, input)),
    cancelPaidOrder: (input) => bounded(cancelPaidOrder(db, input)),
    beginRefund: (input) => bounded(beginRefund(db, input)),
    recordRefund: (input) => bounded(recordRefund(db, input)),
    readDispatchProgress: (input) => bounded(readDispatchProgress(db, input)),
    tickDispatch: (input) => bounded(tickDispatch(db, input)),
    findCheckout: (key) => bounded(findCheckout(db, key)),
    readOrder: (orderId) => bounded(readOrder(db, orderId)),
    readOrders: (orderIds) => bounded(readOrders(db, orderIds)),
    listOrders: (page) => bounded(listOrders(db, page)),
    findPlaced: (idempotencyKey) => bounded(findPlaced(db, idempotencyKey)),
    listProducts: () => bounded(listProducts(db)),
    readProduct: (productId) => bounded(readProduct(db, productId)),
    changeProduct: (change) => bounded(changeProduct(db, change)),
    restock: (input) => bounded(restock(db, input)),
    readOldestHoldAge: () => bounded(readOldestHoldAge(db)),
    ping: async () => {
      await bounded(db.execute(sql`select 1`));
    },
    close: () => client.end({ timeout: 5 }),
  };
}
