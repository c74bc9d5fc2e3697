import type { OrderBody } from '@widget-store/api';
import { formatDateTime } from '../format.js';
import { texts } from '../texts.js';

interface ReceiptHeadProps {
  order: OrderBody;
  /** When the order was last fetched, in milliseconds since the epoch. */
  nowMs: number;
}

/**
 * The head of a printed order: the store's name, "Receipt" ("Order" if the order is not paid), the time, and that a
 * receipt is no invoice.
 */
export function ReceiptHead({ order, nowMs }: ReceiptHeadProps) {
  const isReceipt = order.status === 'PAID' || order.status === 'DISPATCHED';
  return (
    <div className="receipt-head">
      <p className="receipt-store">{texts.storeName}</p>
      <p>{isReceipt ? texts.order.receipt : texts.order.unpaid}</p>
      <p className="small">{texts.order.asOf(formatDateTime(nowMs))}</p>
      {isReceipt && <p className="small">{texts.order.notInvoice}</p>}
    </div>
  );
}
