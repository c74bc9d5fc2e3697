import type {
  CancelOrderInput,
  OrderRef,
  OrderState,
  PlacedOrder,
  PlaceOrderInput,
} from '@widget-store/workflows/contract';
import { sql } from 'drizzle-orm';
import { withDeadline } from './deadline';
import { cancelOrder, markOrderPaid } from './queries/settleOrder';
import { type DispatchProgress, readDispatchProgress, tickDispatch } from './queries/dispatch';
import { type Checkout, findCheckout, listOrders, type OrderPage, type OrderRow, readOrder } from './queries/orders';
import { createPool, type PoolOptions } from './pool';
import type { Database } from './queries/database';
import { findPlaced, placeOrder } from './queries/placeOrder';
import { listProducts, type ProductRow, readProduct, restock } from './queries/products';

/**
 * Everything the store keeps in Postgres. Each writing method is one transaction and may be called again: the second
 * call changes nothing and answers like the first. All of them throw StoreError and nothing else.
 */
export interface Store {
  placeOrder(input: PlaceOrderInput): Promise<PlacedOrder>;
  markOrderPaid(input: OrderRef): Promise<OrderState>;
  cancelOrder(input: CancelOrderInput): Promise<OrderState>;
  readDispatchProgress(input: OrderRef): Promise<DispatchProgress>;
  tickDispatch(input: { orderId: string; from: number }): Promise<DispatchProgress>;
  findCheckout(paymentId: string): Promise<Checkout | undefined>;
  readOrder(orderId: string): Promise<OrderRow | undefined>;
  listOrders(page: { limit: number; before?: number | undefined }): Promise<OrderPage>;
  /** The order of an idempotency key, as it was placed and as it stands. */
  findPlaced(idempotencyKey: string): Promise<PlacedOrder | undefined>;
  listProducts(): Promise<ProductRow[]>;
  readProduct(productId: number): Promise<ProductRow | undefined>;
  /** Brings a product's available inventory to `available`, as one movement of the difference. */
  restock(input: { productId: number; available: number }): Promise<void>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Waits up to five seconds for running work, then closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens the store lazily: nothing is connected until the first call, and a database that is away may come back. Each call
 * gives up after `deadlineMs`, its wait for a connection included.
 */
export function openStore(options: PoolOptions): Store {
  const pool = createPool(options);
  const bounded = <T>(work: (db: Database) => Promise<T>): Promise<T> =>
    withDeadline(pool.run(work), options.deadlineMs);
  return {
    placeOrder: (input) => bounded((db) => placeOrder(db, input)),
    markOrderPaid: (input) => bounded((db) => markOrderPaid(db, input)),
    cancelOrder: (input) => bounded((db) => cancelOrder(db, input)),
    readDispatchProgress: (input) => bounded((db) => readDispatchProgress(db, input)),
    tickDispatch: (input) => bounded((db) => tickDispatch(db, input)),
    findCheckout: (paymentId) => bounded((db) => findCheckout(db, paymentId)),
    readOrder: (orderId) => bounded((db) => readOrder(db, orderId)),
    listOrders: (page) => bounded((db) => listOrders(db, page)),
    findPlaced: (idempotencyKey) => bounded((db) => findPlaced(db, idempotencyKey)),
    listProducts: () => bounded((db) => listProducts(db)),
    readProduct: (productId) => bounded((db) => readProduct(db, productId)),
    restock: (input) => bounded((db) => restock(db, input)),
    ping: async () => {
      await bounded((db) => db.execute(sql`select 1`));
    },
    close: () => pool.close(),
  };
}
