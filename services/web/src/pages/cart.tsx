import { useState } from 'react';
import { BackToStore } from '../components/backToStore.js';
import { CartLineRow } from '../components/cartLineRow.js';
import { CartSummary } from '../components/cartSummary.js';
import { Notice } from '../components/notice.js';
import { focusHeading, Page } from '../components/page.js';
import { Purchase } from '../components/purchase.js';
import { finalText, staleText } from '../failureTexts.js';
import { type PricedLine, priceLines } from '../pricedCart.js';
import { useProducts } from '../queries.js';
import { useCartLines, useStore } from '../store.js';
import { texts } from '../texts.js';

/** The one-page checkout: what is bought, what it costs, and the way to the payment. */
export function CartPage() {
  const { cart } = useStore();
  const lines = useCartLines();
  const { data: products, error, dataUpdatedAt } = useProducts();
  const [removed, setRemoved] = useState<string | null>(null);
  const priced = priceLines({ lines, products });
  const remove = ({ productId, name }: PricedLine) => {
    cart.setQuantity(productId, 0);
    setRemoved(texts.cart.removed(name));
    // The button that was pressed is gone.
    focusHeading();
  };
  return (
    <Page title={texts.cart.title}>
      <Notice tone="warning">{staleText({ error, dataUpdatedAt })}</Notice>
      <Notice tone="error">{finalText(error)}</Notice>
      <output className="visually-hidden">{removed}</output>
      {lines.length === 0 && <p className="lead">{texts.cart.empty}</p>}
      {lines.length > 0 && products === undefined && <p>{texts.loading}</p>}
      <div className={lines.length === 0 ? undefined : 'checkout'}>
        {products !== undefined && (
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
        )}
        {/* It stays when the cart is emptied by what is being ordered here. */}
        <CartSummary lines={products === undefined ? [] : priced}>
          <Purchase items={lines} ofCart hindrance={hindranceOf(priced)} />
        </CartSummary>
      </div>
      <BackToStore />
    </Page>
  );
}

function hindranceOf(lines: PricedLine[]): 'empty' | 'fixFirst' | null {
  if (lines.length === 0) return 'empty';
  return lines.some((line) => line.problem !== null) ? 'fixFirst' : null;
}
