import type { OrderBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { useState } from 'react';
import { Link } from 'wouter';
import { BackToStore } from '../components/backToStore.js';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { StatusPill, Time } from '../components/orderSummary.js';
import { Page } from '../components/page.js';
import { failureCode, isAway } from '../failures.js';
import { finalText, waitingText } from '../failureTexts.js';
import { orderPath } from '../paths.js';
import { orderItemsText } from '../pricedCart.js';
import { useOrdersOf } from '../orderQueries.js';
import { useOrderIds } from '../shop.js';
import { texts } from '../texts.js';

const ordersAtOnce = 10;

/** The orders placed in this browser. */
export function OrdersPage() {
  const orderIds = useOrderIds();
  const [shown, setShown] = useState(ordersAtOnce);
  const looks = useOrdersOf(orderIds.slice(0, shown));
  const failure = looks.find(({ failureReason }) => isAway(failureReason))?.failureReason;
  const error = looks.find((look) => look.error !== null && failureCode(look.error) !== 'not_found')?.error ?? null;
  return (
    <Page title={texts.orders.title}>
      <p className="lead">{orderIds.length === 0 ? texts.orders.empty : texts.orders.intro}</p>
      <Notice tone="warning">{waitingText(failure)}</Notice>
      <Notice tone="error">{finalText(error)}</Notice>
      {orderIds.length > 0 && (
        <ul className="orders">
          {looks.map(({ data, error: entryError }, index) => {
            const orderId = orderIds[index] ?? '';
            const isUnknown = entryError !== null && failureCode(entryError) === 'not_found';
            return <OrderEntry key={orderId} orderId={orderId} order={data} isUnknown={isUnknown} />;
          })}
        </ul>
      )}
      {shown < orderIds.length && <Button onPress={() => setShown(shown + ordersAtOnce)}>{texts.orders.more}</Button>}
      <BackToStore />
    </Page>
  );
}

interface OrderEntryProps {
  orderId: string;
  /** Undefined before the first answer. */
  order: OrderBody | undefined;
  isUnknown: boolean;
}

function OrderEntry({ orderId, order, isUnknown }: OrderEntryProps) {
  const link = (
    <Link href={orderPath(orderId)} className="id small">
      {orderId}
    </Link>
  );
  if (order === undefined) {
    return (
      <li className="order-entry">
        <p>{isUnknown ? texts.orders.unknown : texts.loading}</p>
        {link}
      </li>
    );
  }
  // The key makes this a new element, so that the loading entry does not cause a layout shift.
  return (
    <li className="order-entry" key="known">
      <p className="order-entry-items">{orderItemsText(order)}</p>
      <StatusPill status={order.status} />
      <p className="small">
        <Time iso={order.created_at} />
      </p>
      <p className="order-entry-total">{formatMoney({ minor: order.total_minor, currency: order.currency })}</p>
      {link}
    </li>
  );
}
