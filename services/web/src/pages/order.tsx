import type { OrderBody } from '@widget-store/workflows/contract';
import { Link, useSearchParams } from 'wouter';
import { BackToStore } from '../components/backToStore.js';
import { CancelOrder } from '../components/cancelOrder.js';
import { DemoControls } from '../components/demoControls.js';
import { HoldTimer } from '../components/holdTimer.js';
import { Notice } from '../components/notice.js';
import { DispatchProgress, OrderFacts, OrderItems, OrderStatusText } from '../components/orderSummary.js';
import { Page } from '../components/page.js';
import { failureCode, failureDetail, isAway } from '../failures.js';
import { formatTime } from '../format.js';
import { paymentPath, returnedParameter, routes } from '../paths.js';
import { useCancelOrder, useOrder } from '../queries.js';
import { texts } from '../texts.js';

export function OrderPage({ orderId }: { orderId: string }) {
  const { data: order, error, dataUpdatedAt } = useOrder(orderId);
  const cancel = useCancelOrder(orderId);
  const [search] = useSearchParams();
  const returned = search.has(returnedParameter);
  return (
    <Page title={texts.order.title}>
      {order !== undefined && <OrderStatusText order={order} returned={returned} nowMs={dataUpdatedAt} />}
      <Notice tone="error">{cancelFailureText(cancel.error)}</Notice>
      {order?.status === 'PENDING' && !returned && <HoldTimer expiresAt={order.expires_at} />}
      {order?.status === 'PAID' && <DispatchProgress order={order} />}
      {order !== undefined && <OrderActions order={order} returned={returned} cancel={cancel} />}
      {order !== undefined && <OrderItems order={order} />}
      {order !== undefined && <OrderFacts order={order} />}
      {order === undefined && error === null && <p>{texts.loading}</p>}
      <Notice tone="warning">{awayText({ error, dataUpdatedAt })}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
      <BackToStore />
      {order !== undefined && <DemoControls />}
    </Page>
  );
}

interface OrderActionsProps {
  order: OrderBody;
  returned: boolean;
  cancel: ReturnType<typeof useCancelOrder>;
}

/** What the shopper can do where the order stands. An open question survives the step from pending to paid. */
function OrderActions({ order, returned, cancel }: OrderActionsProps) {
  const { status, payment_id: paymentId } = order;
  if (status === 'DISPATCHED') return null;
  if (status === 'CANCELLED') {
    return (
      <Link href={routes.home} className="button button-primary">
        {texts.order.buyAgain}
      </Link>
    );
  }
  return (
    <div className="actions">
      {status === 'PENDING' && paymentId !== null && (
        <Link href={paymentPath(paymentId)} className={returned ? 'button' : 'button button-primary'}>
          {returned ? texts.order.seePayment : texts.toPayment}
        </Link>
      )}
      <CancelOrder
        consequence={status === 'PAID' ? texts.cancelOrder.paid : texts.cancelOrder.unpaid}
        isPending={cancel.isPending}
        failureReason={cancel.failureReason}
        onConfirm={() => cancel.mutate()}
      />
    </div>
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

function cancelFailureText(error: unknown): string | null {
  if (error === null) return null;
  switch (failureCode(error)) {
    case 'too_late':
      return texts.cancelOrder.tooLate;
    case 'refused':
    case 'not_allowed':
      return texts.refused(failureDetail(error));
    default:
      return texts.broken;
  }
}
