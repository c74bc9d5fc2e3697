import type { OrderBody } from '@widget-store/api';
import { formatMoney, pagePaths, returnedParameter } from '@widget-store/contract';
import { Link, useLocation, useSearchParams } from 'wouter';
import { BackToStore } from '../components/backToStore.js';
import { Button } from '../components/button.js';
import { CancelOrder } from '../components/cancelOrder.js';
import { CopyLink } from '../components/copyLink.js';
import { DemoControls } from '../components/demoControls.js';
import { HoldTimer } from '../components/holdTimer.js';
import { Notice } from '../components/notice.js';
import { DispatchProgress, OrderFacts, OrderItems, OrderStatusText } from '../components/orderSummary.js';
import { Page } from '../components/page.js';
import { ReceiptHead } from '../components/receiptHead.js';
import { TrackingLink } from '../components/tracking.js';
import { errorText, staleText } from '../failureTexts.js';
import { isAllReturned, isWaitingToShip, orderHeading } from '../orderTexts.js';
import { paymentPath } from '../paths.js';
import { useCancelOrder, useLiveOrder } from '../orderQueries.js';
import { useShop } from '../shop.js';
import { texts } from '../texts.js';

export function OrderPage({ orderId }: { orderId: string }) {
  const { data: order, error, failureReason, dataUpdatedAt } = useLiveOrder(orderId);
  const cancel = useCancelOrder(orderId);
  const [search] = useSearchParams();
  const returned = search.has(returnedParameter);
  return (
    <Page title={order === undefined ? texts.order.title : orderHeading({ order, returned })}>
      {order !== undefined && <ReceiptHead order={order} nowMs={dataUpdatedAt} />}
      {order !== undefined && <OrderStatusText order={order} returned={returned} nowMs={dataUpdatedAt} />}
      <Notice tone="error">{errorText(cancel.error, { too_late: texts.cancelOrder.tooLate })}</Notice>
      {order?.status === 'PENDING' && !returned && <HoldTimer expiresAt={order.expires_at} />}
      {order?.status === 'PAID' && order.fulfilment === 'demo' && <DispatchProgress order={order} />}
      {order !== undefined && <TrackingLink order={order} text={texts.order.track} />}
      {order !== undefined && <OrderActions order={order} returned={returned} cancel={cancel} />}
      {order !== undefined && <OrderItems order={order} />}
      {order !== undefined && <OrderFacts order={order} />}
      {order !== undefined && <CopyLink orderId={orderId} />}
      {order === undefined && error === null && <p>{texts.loading}</p>}
      <Notice tone="warning">{staleText({ failureReason, dataUpdatedAt })}</Notice>
      <Notice tone="error">{errorText(error, { not_found: texts.order.unknown })}</Notice>
      <BackToStore />
      {order !== undefined && <DemoControls orderId={orderId} />}
    </Page>
  );
}

interface OrderActionsProps {
  order: OrderBody;
  returned: boolean;
  cancel: ReturnType<typeof useCancelOrder>;
}

/**
 * The actions that the order's status allows. A pending and a paid order share one element, so that an open cancel
 * dialog stays open when the order becomes paid.
 */
function OrderActions({ order, returned, cancel }: OrderActionsProps) {
  const { status, payment_id: paymentId } = order;
  if (status === 'DISPATCHED') {
    return (
      <div className="actions">
        <PrintReceipt />
        <BuyAgain order={order} />
      </div>
    );
  }
  if (status === 'CANCELLED') return <BuyAgain order={order} />;
  return (
    <div className="actions">
      {status === 'PAID' && <PrintReceipt />}
      {status === 'PENDING' && paymentId !== null && (
        <Link href={paymentPath(paymentId)} className={returned ? 'button' : 'button button-primary'}>
          {returned
            ? texts.order.seePayment
            : texts.order.pay(formatMoney({ minor: order.total_minor, currency: order.currency }))}
        </Link>
      )}
      {!(isWaitingToShip(order) && isAllReturned(order.items)) && (
        <CancelOrder
          consequences={status === 'PAID' ? texts.cancelOrder.paid : texts.cancelOrder.unpaid}
          isPending={cancel.isPending}
          failureReason={cancel.failureReason}
          error={cancel.error}
          onConfirm={() => cancel.mutate()}
        />
      )}
    </div>
  );
}

function PrintReceipt() {
  return <Button onPress={() => window.print()}>{texts.order.print}</Button>;
}

/** A button that adds the order's items to the cart, where the shopper can change them. */
function BuyAgain({ order }: { order: OrderBody }) {
  const { cart } = useShop();
  const [, navigate] = useLocation();
  const addToCart = () => {
    cart.add(
      order.items.map(({ product_id: productId, quantity, price_minor: priceMinor }) => ({
        productId,
        quantity,
        priceMinor,
      })),
    );
    navigate(pagePaths.cart);
  };
  return (
    <Button kind={order.status === 'CANCELLED' ? 'primary' : 'plain'} onPress={addToCart}>
      {texts.order.buyAgain}
    </Button>
  );
}
