import type { OrderRow, ProductRow } from '@widget-store/db';
import { decimalAmount, orderStatusCodes } from '@widget-store/contract';
import type { OpsOrderBody } from './openapi/opsSchemas';
import type { OrderBody, ProductBody } from './openapi/schemas';

export function productBody(product: ProductRow): ProductBody {
  const { currency, priceMinor } = product;
  return {
    product_id: product.productId,
    product: product.name,
    description: product.description,
    inventory: product.inventory,
    price: decimalAmount({ minor: priceMinor, currency }),
    price_minor: priceMinor,
    currency,
  };
}

export function orderBody(order: OrderRow): OrderBody {
  const { currency, totalMinor } = order;
  return {
    order_id: order.orderId,
    order_status: orderStatusCodes[order.status],
    status: order.status,
    created_at: order.createdAt.toISOString(),
    last_update_time: order.updatedAt.toISOString(),
    progress_remaining: order.progressRemaining,
    items: order.items.map((item) => ({
      product_id: item.productId,
      product: item.name,
      quantity: item.quantity,
      price: decimalAmount({ minor: item.unitPriceMinor, currency }),
      price_minor: item.unitPriceMinor,
    })),
    total: decimalAmount({ minor: totalMinor, currency }),
    total_minor: totalMinor,
    currency,
    payment_status: order.paymentStatus,
    cancel_reason: order.cancelReason,
    payment_id: order.paymentId,
    expires_at: order.expiresAt.toISOString(),
    refund: refundBody(order),
  };
}

export function opsOrderBody(order: OrderRow): OpsOrderBody {
  return { ...orderBody(order), idempotency_key: order.idempotencyKey };
}

function refundBody({ refundId, refundedMinor, refundedAt, currency }: OrderRow): OrderBody['refund'] {
  if (refundedAt === null) return null;
  return {
    refund_id: refundId,
    amount: decimalAmount({ minor: refundedMinor, currency }),
    amount_minor: refundedMinor,
    refunded_at: refundedAt.toISOString(),
  };
}
