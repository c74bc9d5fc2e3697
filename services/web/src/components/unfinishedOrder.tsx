import { Link } from 'wouter';
import type { PlacedOrder } from '../api.js';
import { useOrder } from '../orderQueries.js';
import { orderPath } from '../paths.js';
import { orderItemsText } from '../pricedCart.js';
import { useShop } from '../shop.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { PayLink } from './holdTimer.js';
import { Notice } from './notice.js';
import { focusHeading } from './page.js';

/**
 * Shows an order that is not paid yet. When the order is paid or cancelled, `useOrder` removes the stored checkout, and
 * `Purchase` no longer renders this component.
 */
export function UnfinishedOrder({ orderId, paymentId }: PlacedOrder) {
  const { checkouts } = useShop();
  const { data: order } = useOrder(orderId);
  const abandon = () => {
    checkouts.forgetOrder(orderId);
    focusHeading();
  };
  return (
    <div className="purchase">
      <Notice>{texts.purchase.unfinished}</Notice>
      {order !== undefined && <p>{orderItemsText(order)}</p>}
      {order !== undefined && <PayLink order={order} paymentId={paymentId} />}
      <Link href={orderPath(orderId)}>{texts.toOrder}</Link>
      <div>
        <Button kind="quiet" onPress={abandon}>
          {texts.purchase.startNew}
        </Button>
        <p className="small">{texts.purchase.abandonUnpaid}</p>
      </div>
    </div>
  );
}
