import type { OpsOrderBody } from '@widget-store/api';
import { formatMoney, type PaymentStatus, paymentStatusNames } from '@widget-store/contract';
import { Link } from 'wouter';
import { StatusPill } from '../components/orderSummary.js';
import { formatCount } from '../format.js';
import { opsOrderPath } from './paths.js';
import { Age } from './age.js';
import { opsTexts } from './texts.js';

/** The orders, with one row for each order. On a narrow screen, each row looks like a card. */
export function OrderList({ orders, toShip }: { orders: OpsOrderBody[]; toShip: boolean }) {
  return (
    <div className="ops-orders">
      <div className="ops-row ops-row-head" aria-hidden="true">
        {Object.entries(opsTexts.orders.columns).map(([name, text]) => (
          <span key={name} className={`ops-row-${name}`}>
            {text}
          </span>
        ))}
      </div>
      <ul aria-label={opsTexts.orders.title}>
        {orders.map((order) => (
          <OrderRow key={order.order_id} order={order} toShip={toShip} />
        ))}
      </ul>
    </div>
  );
}

function OrderRow({ order, toShip }: { order: OpsOrderBody; toShip: boolean }) {
  const { order_id: orderId, order_number: number, ship_to: shipTo, total_minor: minor, currency } = order;
  return (
    <li className={toShip ? 'ops-row ops-row-whole' : 'ops-row'}>
      <Link href={opsOrderPath(orderId)} className="ops-row-order">
        {number}
      </Link>
      <span className="ops-row-items">{order.items.map(itemText).join(toShip ? '\n' : ', ')}</span>
      <span className="ops-row-buyer">
        {shipTo?.name}
        {toShip && shipTo === null && <strong>{opsTexts.ship.noAddress}</strong>}
      </span>
      <span className="ops-row-state">
        <StatusPill status={order.status} /> {notes(order).join(', ')}
      </span>
      <span className="ops-row-total">{formatMoney({ minor, currency })}</span>
      <span className="ops-row-age">
        <Age iso={order.created_at} />
      </span>
    </li>
  );
}

function itemText({ quantity, product }: OpsOrderBody['items'][number]): string {
  return quantity === 1 ? product : `${formatCount(quantity)} × ${product}`;
}

/** The payment statuses that the status of an order does not imply. */
const notedStatuses = new Set<PaymentStatus>(['refunding', 'partially_refunded', 'refunded']);

function notes({ payment_status: payment, disputed_minor: disputedMinor }: OpsOrderBody): string[] {
  return [
    ...(notedStatuses.has(payment) ? [paymentStatusNames[payment]] : []),
    ...(disputedMinor > 0 ? [opsTexts.orders.disputed] : []),
  ];
}
