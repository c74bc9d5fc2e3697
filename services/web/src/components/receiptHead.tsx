import type { OrderBody } from '@widget-store/api';
import { formatDateTime } from '../format.js';
import { texts } from '../texts.js';

interface ReceiptHeadProps {
  order: OrderBody;
  /** When the order was last fetched, in milliseconds since the epoch. */
  nowMs: number;
}

/** The heading of a printed order, with the store's name and the time. Its title is "Receipt" only if the order is paid. */
export function ReceiptHead({ order, nowMs }: ReceiptHeadProps) {
  return (
    <div className="receipt-head">
      <p className="receipt-store">{texts.storeName}</p>
      <p>{order.status === 'PAID' || order.status === 'DISPATCHED' ? texts.order.receipt : texts.order.unpaid}</p>
      <p className="small">{texts.order.asOf(formatDateTime(nowMs))}</p>
    </div>
  );
}
