import { createHash } from 'node:crypto';
import type { OrderLine, OrderRow, PlacedOrder, ProductRow } from './store.js';

/** The JSON of the store, as `services/api/src/presenters.ts` writes it. */
const statusCodes = { PENDING: 0, PAID: 2, DISPATCHED: 1, CANCELLED: -1 };

const decimal = (minor: number): string => (minor / 100).toFixed(2);

export function checkoutBody(order: PlacedOrder, publicUrl: string) {
  return {
    payment_id: order.paymentId,
    order_id: order.orderId,
    status: order.status,
    total_minor: order.totalMinor,
    currency: order.currency,
    expires_at: order.expiresAt,
    payment_url: order.paymentId === null ? null : `${publicUrl}/shop/pay/${order.paymentId}`,
  };
}

export function productBody(product: ProductRow) {
  return {
    product_id: product.productId,
    product: product.name,
    description: product.description,
    inventory: product.inventory,
    price: decimal(product.priceMinor),
    price_minor: product.priceMinor,
    currency: product.currency,
  };
}

export function orderBody(order: OrderRow) {
  return {
    order_id: order.orderId,
    order_status: statusCodes[order.status],
    status: order.status,
    created_at: order.createdAt.toISOString(),
    last_update_time: order.updatedAt.toISOString(),
    progress_remaining: order.progressRemaining,
    items: order.items.map((item) => ({
      product_id: item.productId,
      product: item.name,
      quantity: item.quantity,
      price: decimal(item.unitPriceMinor),
      price_minor: item.unitPriceMinor,
    })),
    total: decimal(order.totalMinor),
    total_minor: order.totalMinor,
    currency: order.currency,
    payment_status: order.paymentStatus,
    cancel_reason: order.cancelReason,
    payment_id: order.paymentId,
    expires_at: order.expiresAt.toISOString(),
    refund: null,
  };
}

export interface Cart {
  lines: OrderLine[];
  fingerprint: string;
}

export const defaultProductId = 1;
const maxQuantity = 1000;

/** @returns undefined when the body is no cart */
export function readCart(text: string): Cart | undefined {
  const items = readItems(text);
  if (items === undefined) return undefined;
  const sums = new Map<number, number>();
  for (const { product_id: productId, quantity } of items) {
    if (!isCount(productId, 2_147_483_647) || !isCount(quantity, maxQuantity)) return undefined;
    sums.set(productId, (sums.get(productId) ?? 0) + quantity);
  }
  const lines = [...sums]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .toSorted((a, b) => a.productId - b.productId);
  const canonical = JSON.stringify(lines.map((line) => [line.productId, line.quantity]));
  return { lines, fingerprint: createHash('sha256').update(canonical).digest('hex') };
}

/** The `items` of a body that is JSON; nothing is known of them yet. */
function readItems(text: string): Record<string, unknown>[] | undefined {
  const oneWidget = [{ product_id: defaultProductId, quantity: 1 }];
  if (text.trim() === '') return oneWidget;
  try {
    const body: unknown = JSON.parse(text);
    if (!isRecord(body)) return undefined;
    const { items = oneWidget } = body;
    return Array.isArray(items) && items.length > 0 && items.every(isRecord) ? items : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
}
