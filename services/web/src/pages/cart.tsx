import type { ProductBody } from '@widget-store/api';
import { useState } from 'react';
import type { ShownLine } from '../cart.js';
import type { StoredCheckout } from '../checkoutStore.js';
import { BackToStore } from '../components/backToStore.js';
import { CartLineRow } from '../components/cartLineRow.js';
import { CartSummary } from '../components/cartSummary.js';
import { focusHeading, Page } from '../components/page.js';
import { ProductsNotice } from '../components/productsNotice.js';
import { Purchase } from '../components/purchase.js';
import { onSale, type PricedLine, totalsByCurrency, withPrices } from '../pricedCart.js';
import { useProductsById } from '../queries.js';
import { useCartLines, useShop, useStoredCheckout } from '../shop.js';
import { texts } from '../texts.js';

/** The cart page: the items, the total and the button that buys them. */
export function CartPage() {
  const { cart } = useShop();
  const lines = useCartLines();
  const stored = useStoredCheckout();
  const isUnanswered = stored?.placed === null;
  const items = isUnanswered ? [...lines, ...stored.items] : lines;
  const query = useProductsById(items.map(({ productId }) => productId));
  const { data: products } = query;
  const [removed, setRemoved] = useState<string | null>(null);
  const current = withPrices({ lines, products });
  const priced = isUnanswered && stored.fromCart ? withoutProblems(current) : current;
  const remove = ({ productId, name }: PricedLine) => {
    cart.setQuantity(productId, 0);
    setRemoved(texts.cart.removed(name));
    // The clicked button no longer exists, so another element must get the focus.
    focusHeading();
  };
  const isLoading = (lines.length > 0 || isUnanswered) && products === undefined;
  return (
    <Page title={texts.cart.title}>
      <ProductsNotice query={query} />
      <output className="visually-hidden">{removed}</output>
      {lines.length === 0 && <p className="lead">{texts.cart.empty}</p>}
      {isLoading && <p>{texts.loading}</p>}
      {!isLoading && (
        <div className={lines.length === 0 ? undefined : 'checkout'}>
          <ul className="cart-lines" aria-label={texts.cart.lines}>
            {priced.map((line) => (
              <CartLineRow
                key={line.productId}
                line={line}
                onQuantity={(quantity) => cart.setQuantity(line.productId, quantity)}
                onRemove={() => remove(line)}
              />
            ))}
          </ul>
          {/* If a checkout empties the cart, the summary stays mounted, so that `Purchase` opens the payment page. */}
          <CartSummary lines={onSale(summaryLines({ stored, priced, products }))}>
            <Purchase
              items={itemsOf(priced)}
              currency={currencyOf(priced)}
              fromCart
              disabledReason={disabledReasonOf(onSale(priced))}
            />
          </CartSummary>
        </div>
      )}
      {!isLoading && <BackToStore />}
    </Page>
  );
}

interface SummaryOptions {
  stored: StoredCheckout | null;
  priced: PricedLine[];
  products: ProductBody[] | undefined;
}

/**
 * The lines of the summary. They come from the cart, or from a stored checkout that has no answer yet. If the stored
 * checkout has an answer, there are no lines, because `Purchase` then shows the unpaid order.
 */
function summaryLines({ stored, priced, products }: SummaryOptions): PricedLine[] {
  if (stored === null) return priced;
  return stored.placed === null ? withoutProblems(withPrices({ lines: stored.items, products })) : [];
}

/**
 * Removes the problems from the lines of a started checkout. Their items are possibly reserved already, so the
 * remaining stock does not limit them.
 */
function withoutProblems(lines: PricedLine[]): PricedLine[] {
  return lines.map((line) => ({ ...line, problem: null }));
}

/**
 * The items to order. Leaves out products that are no longer on sale. These products stay in the cart, with a notice.
 */
function itemsOf(lines: PricedLine[]): ShownLine[] {
  return onSale(lines).map(({ productId, quantity, priceMinor }) => ({ productId, quantity, priceMinor }));
}

/** The currency of the total. Null if no line is on sale, or if the prices are in several currencies. */
function currencyOf(lines: PricedLine[]): string | null {
  const [total, ...others] = totalsByCurrency(lines);
  return total === undefined || others.length > 0 ? null : total.currency;
}

function disabledReasonOf(lines: PricedLine[]): 'empty' | 'fixFirst' | null {
  if (lines.length === 0) return 'empty';
  const isMixed = totalsByCurrency(lines).length > 1;
  return isMixed || lines.some((line) => line.problem !== null) ? 'fixFirst' : null;
}
