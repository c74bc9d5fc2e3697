import type { OrderBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { useState } from 'react';
import { Link } from 'wouter';
import { BackToStore } from '../components/backToStore.js';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { StatusPill, Time } from '../components/orderSummary.js';
import { Page } from '../components/page.js';
import { isNotFound, isRetryable } from '../failures.js';
import { errorText, retryingText } from '../failureTexts.js';
import { orderPath } from '../paths.js';
import { orderItemsText } from '../pricedCart.js';
import { useOrders } from '../orderQueries.js';
import { useOrderIds } from '../shop.js';
import { texts } from '../texts.js';

const pageSize = 10;

/** The page with the orders that were placed in this browser. */
export function OrdersPage() {
  const orderIds = useOrderIds();
  const [shown, setShown] = useState(pageSize);
  const results = useOrders(orderIds.slice(0, shown));
  const failure = results.find(({ failureReason }) => isRetryable(failureReason))?.failureReason;
  const error = results.find((result) => result.error !== null && !isNotFound(result.error))?.error ?? null;
  return (
    <Page title={texts.orders.title}>
      <p className="lead">{orderIds.length === 0 ? texts.orders.empty : texts.orders.intro}</p>
      <Notice tone="warning">{retryingText(failure)}</Notice>
      <Notice tone="error">{errorText(error)}</Notice>
      {orderIds.length > 0 && (
        <ul className="orders">
          {results.map(({ data, error: entryError }, index) => {
            const orderId = orderIds[index] ?? '';
            return <OrderEntry key={orderId} orderId={orderId} order={data} isUnknown={isNotFound(entryError)} />;
          })}
        </ul>
      )}
      {shown < orderIds.length && <Button onPress={() => setShown(shown + pageSize)}>{texts.orders.more}</Button>}
      <BackToStore />
    </Page>
  );
}

interface OrderEntryProps {
  orderId: string;
  /** Undefined until the api has answered. */
  order: OrderBody | undefined;
  isUnknown: boolean;
}

function OrderEntry({ orderId, order, isUnknown }: OrderEntryProps) {
  const link = (
    <Link href={orderPath(orderId)} className="id small">
      {order?.order_number ?? orderId}
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
  // Because of the key, React replaces the loading entry with a new element. Browsers report no layout shift for a
  // new element.
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
