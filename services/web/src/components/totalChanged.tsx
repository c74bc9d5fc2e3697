import { formatMoney } from '@widget-store/contract';
import type { StoredCheckout } from '../checkoutStore.js';
import { withPrices } from '../pricedCart.js';
import { useProductsById } from '../queries.js';
import { texts } from '../texts.js';

interface TotalChangedProps {
  /** The checkout with the prices and the total that the shopper saw when pressing the button. */
  shown: StoredCheckout;
  /** In minor units; null if the api's answer has no new total. */
  newTotalMinor: number | null;
  currency: string;
}

/** Says that nothing was ordered because the total has changed, and lists the changed prices. */
export function TotalChanged({ shown, newTotalMinor, currency }: TotalChangedProps) {
  const { data: products } = useProductsById(shown.items.map(({ productId }) => productId));
  const money = (minor: number) => formatMoney({ minor, currency });
  const changed = withPrices({ lines: shown.items, products });
  return (
    <>
      <p>{texts.purchase.totalChanged}</p>
      <ul>
        {changed.map(
          ({ productId, name, priceMinor, earlierPriceMinor: earlierMinor }) =>
            earlierMinor !== null && (
              <li key={productId}>
                {texts.purchase.priceChanged({ name, from: money(earlierMinor), to: money(priceMinor) })}
              </li>
            ),
        )}
      </ul>
      {newTotalMinor !== null && (
        <p>{texts.purchase.newTotal({ from: money(shown.totalMinor), to: money(newTotalMinor) })}</p>
      )}
    </>
  );
}
