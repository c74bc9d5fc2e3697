import type { OrderBody } from '@widget-store/api';
import { dispatchTicks, formatMoney, type Money, type OrderStatus, orderStatusNames } from '@widget-store/contract';
import { Fragment } from 'react';
import { addressLines } from '../addressLines.js';
import { formatCount, formatDateTime } from '../format.js';
import { isPaidBack, type OrderView, orderTexts, paymentText } from '../orderTexts.js';
import { texts } from '../texts.js';
import { ProductPicture } from './productPicture.js';

type Refund = OrderBody['refunds'][number];

export function StatusPill({ status }: { status: OrderStatus }) {
  return <span className={`pill pill-${status.toLowerCase()}`}>{orderStatusNames[status]}</span>;
}

/**
 * The status in words. It is a live region, so screen readers announce its changes. The page's heading changes with the
 * status too, but screen readers do not announce a changed heading.
 */
export function OrderStatusText(view: OrderView) {
  const { name, sentences } = orderTexts(view);
  return (
    <output className="order-status">
      <span className="visually-hidden">{name}</span>
      {sentences.map((sentence, index) => (
        <p key={sentence} className={index === 0 ? undefined : 'more'}>
          {sentence}
        </p>
      ))}
    </output>
  );
}

/** The progress bar. It is not a live region, because ten announcements in ten seconds would be too much. */
export function DispatchProgress({ order }: { order: OrderBody }) {
  const total = dispatchTicks;
  const done = total - order.progress_remaining;
  return (
    <div className="dispatch-progress">
      <progress aria-label={texts.order.progress} max={total} value={done} />
      <span aria-hidden="true">{texts.order.progressOf({ done, total })}</span>
    </div>
  );
}

interface OrderItemsProps {
  order: OrderBody;
  /** A note below the name of an item, by product id. */
  notes?: ReadonlyMap<number, string>;
}

export function OrderItems({ order, notes }: OrderItemsProps) {
  const { currency } = order;
  return (
    <table className={isVoid(order) ? 'items items-void' : 'items'}>
      <caption>{texts.order.items}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.order.item}</th>
          <th scope="col">{texts.order.quantity}</th>
          <th scope="col">{texts.order.price}</th>
          <th scope="col">{texts.order.amount}</th>
        </tr>
      </thead>
      <tbody>
        {order.items.map((item) => (
          <tr key={item.product_id}>
            <td>
              <ProductPicture product={item} decorative />
              {item.product}
              {notes?.has(item.product_id) === true && (
                <span className="item-note small">{notes.get(item.product_id)}</span>
              )}
            </td>
            <td>{formatCount(item.quantity)}</td>
            <td>{formatMoney({ minor: item.price_minor, currency })}</td>
            <td>{formatMoney({ minor: item.price_minor * item.quantity, currency })}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {order.adjustments.map(({ label, amount_minor: minor }, index) => (
          // The index is the key, because two adjustments can have the same kind and label. Adjustments never change.
          // oxlint-disable-next-line react/no-array-index-key
          <tr key={index}>
            <th scope="row" colSpan={3}>
              {label}
            </th>
            <td>{formatMoney({ minor, currency })}</td>
          </tr>
        ))}
        <tr>
          <th scope="row" colSpan={3}>
            {texts.order.total}
          </th>
          <td>{formatMoney({ minor: order.total_minor, currency })}</td>
        </tr>
        {order.refunds.map((refund) => (
          <RefundRow key={refund.refund_id} order={order} refund={refund} />
        ))}
        {order.paid_another_way.map(({ refund_id: id, amount_minor: minor, recorded_at: time }) => (
          <BackRow
            key={id}
            text={texts.order.paidAnotherWayOn(formatDateTime(time))}
            money={{ minor: -minor, currency }}
          />
        ))}
        {order.lost_minor > 0 && (
          <BackRow text={texts.order.returnedByBank} money={{ minor: -order.lost_minor, currency }} />
        )}
      </tfoot>
    </table>
  );
}

/** Whether the order is cancelled or fully paid back. The pictures of its items are then grey. */
function isVoid(order: OrderBody): boolean {
  return order.status === 'CANCELLED' || isPaidBack(order);
}

/**
 * The row of a refund, below the total. For a failed refund, the cell for the amount stays empty, because the shopper
 * has not received the money.
 */
function RefundRow({ order, refund }: { order: OrderBody; refund: Refund }) {
  const amount = { minor: refund.amount_minor, currency: order.currency };
  const money = refund.status === 'failed' ? null : { ...amount, minor: -amount.minor };
  return <BackRow text={refundRowText(refund, formatMoney(amount))} money={money} />;
}

/** A row for money that the shopper has back. */
function BackRow({ text, money }: { text: string; money: Money | null }) {
  return (
    <tr>
      <th scope="row" colSpan={3}>
        {text}
      </th>
      <td>{money === null ? '' : formatMoney(money)}</td>
    </tr>
  );
}

function refundRowText({ status, created_at: created, updated_at: updated }: Refund, amount: string): string {
  switch (status) {
    case 'pending':
      return texts.order.refundPendingSince(formatDateTime(created));
    case 'succeeded':
      return texts.order.refundedOn(formatDateTime(updated));
    case 'failed':
      return texts.order.refundFailedOn({ amount, time: formatDateTime(updated) });
    default:
      return status satisfies never;
  }
}

export function OrderFacts({ order }: { order: OrderBody }) {
  return (
    <dl className="facts">
      <dt>{texts.order.orderNumber}</dt>
      <dd>{order.order_number}</dd>
      <dt>{texts.order.orderId}</dt>
      <dd className="id">{order.order_id}</dd>
      <dt>{texts.order.placed}</dt>
      <dd>
        <Time iso={order.created_at} />
      </dd>
      {order.ship_to !== null && (
        <>
          <dt>{texts.order.shipTo}</dt>
          <dd>{[order.ship_to.name, ...addressLines(order.ship_to.address)].join(', ')}</dd>
          <dt>{texts.order.email}</dt>
          <dd>{order.ship_to.email}</dd>
        </>
      )}
      <dt>{texts.order.payment}</dt>
      <dd>{paymentText(order)}</dd>
      {order.refunds.map(({ refund_id: id }) => (
        <Fragment key={id}>
          <dt>{texts.order.refundId}</dt>
          <dd className="id">{id}</dd>
        </Fragment>
      ))}
      {order.shipped_at !== null && (
        <>
          <dt>{texts.order.shipped}</dt>
          <dd>
            <Time iso={order.shipped_at} />
          </dd>
        </>
      )}
      <dt>{texts.order.updated}</dt>
      <dd>
        <Time iso={order.last_update_time} />
      </dd>
    </dl>
  );
}

export function Time({ iso }: { iso: string }) {
  return <time dateTime={iso}>{formatDateTime(iso)}</time>;
}
