import { formatMoney } from '@widget-store/contract';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { PlacedOrder } from '../api.js';
import type { CartLines } from '../cart.js';
import type { StoredCheckout } from '../checkoutKey.js';
import { failureDetail } from '../failures.js';
import { finalText, waitingText } from '../failureTexts.js';
import { orderPath, paymentPath } from '../paths.js';
import { useOrder } from '../orderQueries.js';
import { itemsText, orderItemsText, priceLines } from '../pricedCart.js';
import { isFinalForKey, useCheckoutAnswer, useProducts } from '../queries.js';
import { useShop, useStoredCheckout } from '../shop.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { HoldTimer } from './holdTimer.js';
import { Notice } from './notice.js';
import { focusHeading } from './page.js';

interface PurchaseProps {
  items: CartLines;
  /** Whether the items come from the cart, which loses them when they are ordered. */
  ofCart?: boolean;
  /** Why the button is disabled; null when it is enabled. */
  hindrance: 'soldOut' | 'fixFirst' | 'empty' | null;
}

/** The button that buys, or the unfinished checkout that this browser has already started. */
export function Purchase({ items, ofCart = false, hindrance }: PurchaseProps) {
  const { checkouts } = useShop();
  const [, navigate] = useLocation();
  const stored = useStoredCheckout();
  const [followed, setFollowed] = useState(() => unanswered(checkouts.current()));
  const answer = useCheckoutAnswer(followed?.checkout ?? null);

  useEffect(() => {
    if (answer.data !== undefined) navigate(paymentPath(answer.data.paymentId));
  }, [answer.data, navigate]);

  // After a successful answer the browser navigates to the payment page.
  const isAsking = answer.isFetching || answer.isSuccess;
  if (stored !== null && stored.placed !== null && !isAsking) return <UnfinishedOrder {...stored.placed} />;

  const press = () => {
    const checkout = checkouts.begin({ items, ofCart });
    // The first request failed without saying whether an order exists, so the same key is sent again.
    if (checkout.key === followed?.checkout.key) void answer.refetch();
    else setFollowed({ checkout, resumed: false });
  };
  const isFollowed = stored !== null && stored.key === followed?.checkout.key;
  const failure = isFollowed || isFinalForKey(answer.error) ? answer.error : null;
  const resumed = followed?.resumed === true;
  const hasButton = hindrance !== 'empty' || stored !== null || isAsking;
  return (
    <div className="purchase">
      {hasButton && (
        <Button
          kind="primary"
          disabled={hindrance !== null && stored === null}
          pending={isAsking ? texts.purchase.buying : null}
          onPress={press}
        >
          {buttonText({ soldOut: hindrance === 'soldOut', hasKey: stored !== null, isFollowed })}
        </Button>
      )}
      <Notice tone="info">{isAsking ? progressText({ failure: answer.failureReason, resumed }) : null}</Notice>
      <Notice tone="error">{isAsking ? null : failureText(failure)}</Notice>
      {stored !== null && !isAsking && <BegunOrder checkout={stored} />}
    </div>
  );
}

/** The items of a checkout without an answer, and a button that abandons it. */
function BegunOrder({ checkout }: { checkout: StoredCheckout }) {
  const { checkouts } = useShop();
  const { data: products } = useProducts();
  const items = itemsText(priceLines({ lines: checkout.items, products }));
  const giveUp = () => {
    checkouts.endKey(checkout.key);
    focusHeading();
  };
  return (
    <>
      <p>{texts.purchase.began(items)}</p>
      <Button onPress={giveUp}>{texts.purchase.another}</Button>
      <p className="small">{texts.purchase.givenUp}</p>
    </>
  );
}

interface FollowedCheckout {
  checkout: StoredCheckout;
  /** Whether the checkout started before this page opened. */
  resumed: boolean;
}

/** A stored checkout without an answer is sent again as soon as the page opens. */
function unanswered(stored: StoredCheckout | null): FollowedCheckout | null {
  return stored !== null && stored.placed === null ? { checkout: stored, resumed: true } : null;
}

/** An order that is not paid yet. `useOrder` forgets the checkout once the order is paid or cancelled. */
function UnfinishedOrder({ orderId, paymentId }: PlacedOrder) {
  const { checkouts } = useShop();
  const { data: order } = useOrder(orderId);
  const setAside = () => {
    checkouts.endOrder(orderId);
    focusHeading();
  };
  return (
    <div className="purchase">
      <Notice>{texts.purchase.unfinished}</Notice>
      {order !== undefined && (
        <p>{`${orderItemsText(order)}: ${formatMoney({ minor: order.total_minor, currency: order.currency })}`}</p>
      )}
      {order !== undefined && <HoldTimer expiresAt={order.expires_at} />}
      <div className="actions">
        <Link href={paymentPath(paymentId)} className="button button-primary">
          {texts.toPayment}
        </Link>
        <Link href={orderPath(orderId)} className="button">
          {texts.toOrder}
        </Link>
        <Button onPress={setAside}>{texts.purchase.another}</Button>
      </div>
      <p className="small">{texts.purchase.setAside}</p>
    </div>
  );
}

function buttonText({ soldOut, hasKey, isFollowed }: { soldOut: boolean; hasKey: boolean; isFollowed: boolean }) {
  if (isFollowed) return texts.tryAgain;
  if (hasKey) return texts.purchase.continueOrder;
  return soldOut ? texts.purchase.soldOut : texts.purchase.buy;
}

function progressText({ failure, resumed }: { failure: unknown; resumed: boolean }): string | null {
  return waitingText(failure) ?? (resumed ? texts.purchase.resuming : null);
}

function failureText(error: unknown): string | null {
  const refused = texts.purchase.refused(failureDetail(error));
  return finalText(error, { sold_out: texts.purchase.soldOutAnswer, refused, not_allowed: refused });
}
