import type { HoldMismatch, StockMismatch } from '@widget-store/db';
import type { Anomaly } from '@widget-store/contract';

export function stockAnomaly({ productId, inventory, moved }: StockMismatch): Anomaly {
  const detail = `The inventory is ${inventory}, and the product's movements add up to ${moved}.`;
  return { kind: 'stock_mismatch', detail, productId, repair: null };
}

export function holdAnomaly({ orderId, productId, status, moved, expected }: HoldMismatch): Anomaly {
  const kind = status === 'CANCELLED' ? 'cancelled_hold_not_released' : 'hold_mismatch';
  const detail = `The order is ${status}, and its movements of the product add up to ${moved} instead of ${expected}.`;
  return { kind, detail, orderId, productId, repair: null };
}
