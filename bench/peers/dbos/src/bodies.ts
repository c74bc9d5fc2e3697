import type { OrderRow, ProductRow } from './store.js';

/** The numbers of the order statuses in the store's HTTP contract. */
const statusCodes = { PENDING: 0, PAID: 2, DISPATCHED: 1, CANCELLED: -1 };

const decimal = (minor: number): string => (minor / 100).toFixed(2);

export function productBody(product: ProductRow) {
  return {
    product_id: product.productId,
    product: product.name,
    description: product.description,
    inventory: product.inventory,
    price: decimal(product.priceMinor),
    price_minor: product.priceMinor,
    currency: product.currency,
    image_url: product.imageUrl,
    on_sale: product.onSale,
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
