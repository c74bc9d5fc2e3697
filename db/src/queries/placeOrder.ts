import { randomBytes } from 'node:crypto';
import {
  failureTypes,
  orderIdFrom,
  type OrderLine,
  paymentIdFrom,
  type PlacedOrder,
  type PlaceOrderInput,
} from '@widget-store/workflows/contract';
import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import { StoreError } from '../errors';
import { orderItems, orders, products, stockMovements } from '../schema';
import type { Database } from './database';

/** Left of the payment window by the database's clock: the window belongs to the order, not to a process. */
const paymentWindowLeftMs = sql<number>`greatest(0, ceil(extract(epoch from ${orders.expiresAt} - now()) * 1000))::int`;

const placedOrder = {
  orderId: orders.orderId,
  paymentId: orders.paymentId,
  status: orders.status,
  paymentWindowLeftMs,
};

/**
 * The one order of a key with its whole reservation, or the order that the key already has. Sold out is remembered as
 * an order too, cancelled and without a payment id.
 *
 * @throws StoreError `ProductNotFound` when a line names no product
 */
export async function placeOrder(db: Database, input: PlaceOrderInput): Promise<PlacedOrder> {
  const lines = input.lines.toSorted((a, b) => a.productId - b.productId);
  const reserved = await db.transaction((tx) => reserveOrder(tx, { ...input, lines })).catch(soldOutIsNoError);
  return reserved ?? (await refuseOrder(db, { ...input, lines }));
}

/** Rolls the order and every line back together when one line is not there. Products are locked in id order. */
async function reserveOrder(tx: Database, input: PlaceOrderInput): Promise<PlacedOrder> {
  const priced = await priceLines(tx, input.lines);
  const orderId = orderIdFrom(randomHex());
  const [created] = await tx
    .insert(orders)
    .values({
      ...orderValues(input, priced),
      orderId,
      paymentId: paymentIdFrom(randomHex()),
      status: 'PENDING',
      paymentStatus: 'pending',
    })
    .onConflictDoNothing({ target: orders.idempotencyKey })
    .returning(placedOrder);
  if (created === undefined) return findPlaced(tx, input.idempotencyKey);

  await tx.insert(orderItems).values(priced.items.map((item) => ({ ...item, orderId })));
  for (const { productId, quantity } of input.lines) await takeStock(tx, { productId, quantity });
  await tx.insert(stockMovements).values(
    input.lines.map(({ productId, quantity }) => ({
      productId,
      orderId,
      kind: 'hold' as const,
      quantity: -quantity,
    })),
  );
  return created;
}

/** Records the sold-out answer, so that the key has it for ever. */
async function refuseOrder(db: Database, input: PlaceOrderInput): Promise<PlacedOrder> {
  return db.transaction(async (tx) => {
    const priced = await priceLines(tx, input.lines);
    const orderId = orderIdFrom(randomHex());
    const [refused] = await tx
      .insert(orders)
      .values({
        ...orderValues(input, priced),
        orderId,
        status: 'CANCELLED',
        paymentStatus: 'none',
        cancelReason: 'sold_out',
      })
      .onConflictDoNothing({ target: orders.idempotencyKey })
      .returning(placedOrder);
    if (refused === undefined) return findPlaced(tx, input.idempotencyKey);
    await tx.insert(orderItems).values(priced.items.map((item) => ({ ...item, orderId })));
    return refused;
  });
}

class SoldOut extends Error {}

function soldOutIsNoError(error: unknown): undefined {
  if (error instanceof SoldOut) return undefined;
  throw error;
}

/** The reservation: one conditional UPDATE, so that two buyers of the last widget cannot both have it. */
async function takeStock(tx: Database, { productId, quantity }: OrderLine): Promise<void> {
  const taken = await tx
    .update(products)
    .set({ inventory: sql`${products.inventory} - ${quantity}` })
    .where(and(eq(products.productId, productId), gte(products.inventory, quantity)))
    .returning({ productId: products.productId });
  if (taken.length === 0) throw new SoldOut();
}

interface PricedLines {
  items: { productId: number; quantity: number; unitPriceMinor: number }[];
  totalMinor: number;
  currency: string;
}

async function priceLines(tx: Database, lines: OrderLine[]): Promise<PricedLines> {
  const found = await tx
    .select({ productId: products.productId, priceMinor: products.priceMinor, currency: products.currency })
    .from(products)
    .where(
      inArray(
        products.productId,
        lines.map((line) => line.productId),
      ),
    );
  const byId = new Map(found.map((product) => [product.productId, product]));
  const items = lines.map(({ productId, quantity }) => {
    const product = byId.get(productId);
    if (product === undefined) throw new StoreError(failureTypes.productNotFound, `There is no product ${productId}.`);
    return { productId, quantity, unitPriceMinor: product.priceMinor };
  });
  const totalMinor = items.reduce((total, item) => total + item.unitPriceMinor * item.quantity, 0);
  return { items, totalMinor, currency: found[0]?.currency ?? 'USD' };
}

function orderValues(input: PlaceOrderInput, { totalMinor, currency }: PricedLines) {
  return {
    idempotencyKey: input.idempotencyKey,
    totalMinor,
    currency,
    expiresAt: sql`now() + ${input.paymentWindowMs} * interval '1 millisecond'`,
  };
}

async function findPlaced(tx: Database, idempotencyKey: string): Promise<PlacedOrder> {
  const [placed] = await tx.select(placedOrder).from(orders).where(eq(orders.idempotencyKey, idempotencyKey));
  // The conflict waited for the other transaction, so the row is committed and rows are never deleted.
  if (placed === undefined) throw new StoreError(failureTypes.orderNotFound, 'The order of a known key has gone.');
  return placed;
}

function randomHex(): string {
  return randomBytes(16).toString('hex');
}
