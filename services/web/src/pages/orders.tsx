import type { OrderBody } from '@widget-store/workflows/contract';
import { Link } from 'wouter';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { StatusPill, Time } from '../components/orderSummary.js';
import { Page } from '../components/page.js';
import { failureCode } from '../failures.js';
import { formatMoney } from '../format.js';
import { orderPath } from '../paths.js';
import { useOrders } from '../queries.js';
import { texts } from '../texts.js';

export function OrdersPage() {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useOrders();
  const orders = data?.pages.flatMap((page) => page.orders) ?? [];
  return (
    <Page title={texts.orders.title}>
      <p className="lead">{texts.orders.intro}</p>
      <Notice tone="warning">{failureText(error)}</Notice>
      {data === undefined && error === null && <p>{texts.loading}</p>}
      {data !== undefined && orders.length === 0 && <p>{texts.orders.empty}</p>}
      {orders.length > 0 && <OrdersTable orders={orders} />}
      {hasNextPage && (
        <div className="actions">
          <Button pending={isFetchingNextPage ? texts.orders.loadingMore : null} onPress={() => void fetchNextPage()}>
            {texts.orders.more}
          </Button>
        </div>
      )}
    </Page>
  );
}

function OrdersTable({ orders }: { orders: OrderBody[] }) {
  return (
    <table className="orders">
      <thead>
        <tr>
          <th scope="col">{texts.orders.order}</th>
          <th scope="col">{texts.orders.status}</th>
          <th scope="col">{texts.orders.total}</th>
          <th scope="col">{texts.orders.updated}</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.order_id}>
            <td>
              <Link href={orderPath(order.order_id)} className="id">
                {order.order_id}
              </Link>
            </td>
            <td>
              <StatusPill status={order.status} />
            </td>
            <td>{formatMoney({ minor: order.total_minor, currency: order.currency })}</td>
            <td>
              <Time iso={order.last_update_time} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function failureText(error: unknown): string | null {
  if (error === null) return null;
  switch (failureCode(error)) {
    case 'away':
      return texts.away;
    case 'not_allowed':
      return texts.orders.notAllowed;
    default:
      return texts.broken;
  }
}
