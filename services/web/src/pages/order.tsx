import type { OrderBody } from '@widget-store/workflows/contract';
import { BackToStore } from '../components/backToStore.js';
import { DemoControls } from '../components/demoControls.js';
import { Notice } from '../components/notice.js';
import { DispatchProgress, OrderFacts, OrderItems, OrderStatusText } from '../components/orderSummary.js';
import { Page } from '../components/page.js';
import { failureCode, isAway } from '../failures.js';
import { formatTime } from '../format.js';
import { useOrder } from '../queries.js';
import { texts } from '../texts.js';

export function OrderPage({ orderId }: { orderId: string }) {
  const { data: order, error, dataUpdatedAt } = useOrder(orderId);
  return (
    <Page title={texts.order.title}>
      {order !== undefined && <Order order={order} />}
      {order === undefined && error === null && <p>{texts.loading}</p>}
      <Notice tone="warning">{awayText({ error, dataUpdatedAt })}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
      <BackToStore />
      {order !== undefined && <DemoControls />}
    </Page>
  );
}

function Order({ order }: { order: OrderBody }) {
  return (
    <>
      <OrderStatusText order={order} />
      {order.status === 'PAID' && <DispatchProgress order={order} />}
      <OrderItems order={order} />
      <OrderFacts order={order} />
    </>
  );
}

/** @param dataUpdatedAt milliseconds since the epoch, 0 before the first answer */
function awayText({ error, dataUpdatedAt }: { error: unknown; dataUpdatedAt: number }): string | null {
  if (!isAway(error)) return null;
  return dataUpdatedAt === 0 ? texts.away : texts.awaySince(formatTime(dataUpdatedAt));
}

function failureText(error: unknown): string | null {
  if (error === null || isAway(error)) return null;
  return failureCode(error) === 'not_found' ? texts.order.unknown : texts.broken;
}
