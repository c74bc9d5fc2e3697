import { type Adjustment, formatMoney, type Money } from '@widget-store/contract';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { haveSameItems, type ShownLine } from '../cart.js';
import type { StoredCheckout } from '../checkoutStore.js';
import { failureCode, failureDetail, newTotalOf } from '../failures.js';
import { errorText, retryingText } from '../failureTexts.js';
import { shownPrice } from '../orderPrice.js';
import { paymentPath } from '../paths.js';
import { itemsText, withPrices } from '../pricedCart.js';
import { isFinalForKey, useCheckoutAnswer, useProductsById } from '../queries.js';
import { useShop, useStoredCheckout } from '../shop.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { focusHeading } from './page.js';
import { TotalChanged } from './totalChanged.js';
import { UnfinishedOrder } from './unfinishedOrder.js';

interface PurchaseProps {
  items: readonly ShownLine[];
  /** The currency of the items; null if they have prices in several currencies. */
  currency: string | null;
  /** Whether the items come from the cart. If so, they are removed from the cart after the order is placed. */
  fromCart?: boolean;
  /** Why the items cannot be bought; null if they can. `empty` hides the button, unless a checkout is unfinished. */
  disabledReason: 'soldOut' | 'fixFirst' | 'empty' | null;
}

/** The button that buys the items. If this browser has an unfinished checkout, shows that checkout instead. */
export function Purchase({ items, currency, fromCart = false, disabledReason }: PurchaseProps) {
  const { checkouts } = useShop();
  const [, navigate] = useLocation();
  const stored = useStoredCheckout();
  const [active, setActive] = useState(() => resumable(checkouts.current()));
  const answer = useCheckoutAnswer(active?.checkout ?? null);

  useEffect(() => {
    if (answer.data !== undefined) navigate(paymentPath(answer.data.paymentId));
  }, [answer.data, navigate]);

  // After a successful answer, the button stays pending until the browser has opened the payment page.
  const isPlacing = answer.isFetching || answer.isSuccess;
  if (stored !== null && stored.placed !== null && !isPlacing) return <UnfinishedOrder {...stored.placed} />;

  const isActive = stored !== null && stored.key === active?.checkout.key;
  const failure = isActive || isFinalForKey(answer.error) ? answer.error : null;
  const resumed = active?.resumed === true;
  const refused = failureCode(failure) === 'total_changed' && !isPlacing ? (active?.checkout ?? null) : null;
  // If the shopper has changed the items since the refusal, the refused total no longer applies. The shopper then has
  // nothing to confirm.
  const mustConfirm = refused !== null && haveSameItems(refused.items, items);
  const price = shownPrice(items, currency);
  // A page that was loaded before the store's code was changed can compute another total than the api.
  const totalMinor = (mustConfirm ? newTotalOf(failure) : null) ?? price.totalMinor;
  const total = currency === null ? null : formatMoney({ minor: totalMinor, currency });
  const buy = () => {
    const checkout = checkouts.start({ items, totalMinor, fromCart });
    // Even if a request has failed, the api has possibly placed the order. A request with the same key then returns
    // that order instead of placing another.
    if (checkout.key === active?.checkout.key) void answer.refetch();
    else setActive({ checkout, resumed: false });
  };
  const hasButton = disabledReason !== 'empty' || stored !== null || isPlacing;
  return (
    <div className="purchase">
      {!fromCart && currency !== null && price.adjustments.length > 0 && (
        <p className="small">{priceText(price.adjustments, { minor: price.totalMinor, currency })}</p>
      )}
      {hasButton && (
        <Button
          kind="primary"
          disabled={disabledReason !== null && stored === null}
          pending={isPlacing ? texts.purchase.buying : null}
          onPress={buy}
        >
          {buttonText({
            soldOut: disabledReason === 'soldOut',
            hasKey: stored !== null,
            isActive,
            mustConfirm,
            fromCart,
            total,
          })}
        </Button>
      )}
      <Notice tone="info">{isPlacing ? progressText({ failure: answer.failureReason, resumed }) : null}</Notice>
      <Notice tone="error">{isPlacing ? null : failureText(failure)}</Notice>
      <Notice tone="warning">
        {mustConfirm && currency !== null && (
          <TotalChanged shown={refused} newTotalMinor={newTotalOf(failure)} currency={currency} />
        )}
      </Notice>
      {stored !== null && !isPlacing && <UnansweredCheckout checkout={stored} />}
    </div>
  );
}

/** Shows the items of a checkout that the api has not answered, and a button that abandons the checkout. */
function UnansweredCheckout({ checkout }: { checkout: StoredCheckout }) {
  const { checkouts } = useShop();
  const { data: products } = useProductsById(checkout.items.map(({ productId }) => productId));
  const items = itemsText(withPrices({ lines: checkout.items, products }));
  const abandon = () => {
    checkouts.forgetKey(checkout.key);
    focusHeading();
  };
  return (
    <>
      <p>{texts.purchase.started(items)}</p>
      <Button onPress={abandon}>{texts.purchase.startNew}</Button>
      <p className="small">{texts.purchase.abandonUnanswered}</p>
    </>
  );
}

interface ActiveCheckout {
  checkout: StoredCheckout;
  /** Whether the checkout started before this page opened. */
  resumed: boolean;
}

/** A stored checkout that has no answer yet. A page that opens repeats the request of this checkout. */
function resumable(stored: StoredCheckout | null): ActiveCheckout | null {
  return stored !== null && stored.placed === null ? { checkout: stored, resumed: true } : null;
}

interface ButtonState {
  soldOut: boolean;
  hasKey: boolean;
  isActive: boolean;
  mustConfirm: boolean;
  fromCart: boolean;
  /** Null if the items have prices in several currencies. */
  total: string | null;
}

function buttonText({ soldOut, hasKey, isActive, mustConfirm, fromCart, total }: ButtonState): string {
  if (isActive) return texts.tryAgain;
  if (hasKey) return texts.purchase.continueOrder;
  if (soldOut) return texts.purchase.soldOut;
  if (mustConfirm && total !== null) return texts.purchase.acceptTotal(total);
  if (!fromCart) return texts.purchase.buy;
  return total === null ? texts.toPayment : texts.purchase.toPaymentOf(total);
}

/** For example "Shipping: $5.00. Total: $24.99." */
function priceText(adjustments: Adjustment[], total: Money): string {
  const { currency } = total;
  const parts = adjustments.map(({ label, amountMinor: minor }) => ({
    label,
    amount: formatMoney({ minor, currency }),
  }));
  return [...parts, { label: texts.cart.total, amount: formatMoney(total) }].map(texts.purchase.pricePart).join(' ');
}

function progressText({ failure, resumed }: { failure: unknown; resumed: boolean }): string | null {
  return retryingText(failure) ?? (resumed ? texts.purchase.resuming : null);
}

function failureText(error: unknown): string | null {
  const refused = texts.purchase.refused(failureDetail(error));
  // `TotalChanged` explains this failure.
  if (failureCode(error) === 'total_changed') return null;
  return errorText(error, { sold_out: texts.purchase.soldOutAnswer, refused, not_allowed: refused });
}
