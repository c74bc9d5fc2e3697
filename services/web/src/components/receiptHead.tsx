import type { OrderBody } from '@widget-store/api';
import { formatDateTime } from '../format.js';
import { texts } from '../texts.js';

interface ReceiptHeadProps {
  order: OrderBody;
  /** When the order was last fetched, in milliseconds since the epoch. */
  nowMs: number;
}

/** The head of a printed order: the store's name, "Receipt" ("Order" if the order is not paid), and the time. */
export function ReceiptHead({ order, nowMs }: ReceiptHeadProps) {
  return (
    <div className="receipt-head">
      <p className="receipt-store">{texts.storeName}</p>
      <p>{order.status === 'PAID' || order.status === 'DISPATCHED' ? texts.order.receipt : texts.order.unpaid}</p>
      <p className="small">{texts.order.asOf(formatDateTime(nowMs))}</p>
    </div>
  );
}
