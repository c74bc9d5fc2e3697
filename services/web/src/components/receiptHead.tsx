import type { OrderBody } from '@widget-store/api';
import { formatDateTime } from '../format.js';
import { texts } from '../texts.js';

interface ReceiptHeadProps {
  order: OrderBody;
  /** When it was last looked at, in milliseconds since the epoch. */
  nowMs: number;
}

/** On paper only: whose paper this is, and of when. What is not paid has no receipt. */
export function ReceiptHead({ order, nowMs }: ReceiptHeadProps) {
  return (
    <div className="receipt-head">
      <p className="receipt-store">{texts.storeName}</p>
      <p>{order.payment_status === 'paid' ? texts.order.receipt : texts.order.unpaid}</p>
      <p className="small">{texts.order.asOf(formatDateTime(nowMs))}</p>
    </div>
  );
}
