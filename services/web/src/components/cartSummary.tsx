import { formatMoney } from '@widget-store/contract';
import type { ReactNode } from 'react';
import { countItems } from '../cart.js';
import { formatCount, formatDuration } from '../format.js';
import { cartPrice } from '../orderPrice.js';
import type { PricedLine } from '../pricedCart.js';
import { useSettings } from '../queries.js';
import { texts } from '../texts.js';

/** The number of items and the total. The children contain the button that places the order. */
export function CartSummary({ lines, children }: { lines: PricedLine[]; children: ReactNode }) {
  const { data: settings } = useSettings();
  const isAvailable = lines.every((line) => line.problem === null);
  const isEmpty = lines.length === 0;
  const { adjustments, totals } = cartPrice(lines);
  return (
    <section className={isEmpty ? undefined : 'summary'} aria-label={texts.cart.summary}>
      {!isEmpty && (
        <dl>
          <div>
            <dt>{texts.cart.items}</dt>
            <dd>{formatCount(countItems(lines))}</dd>
          </div>
          {adjustments.map(({ label, amountMinor: minor }, index) => (
            // The index is the key, because two adjustments can have the same kind and label.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index}>
              <dt>{label}</dt>
              <dd>{formatMoney({ minor, currency: totals[0]?.currency ?? '' })}</dd>
            </div>
          ))}
          <div className="total">
            <dt>{texts.cart.total}</dt>
            <dd>{totals.map((total) => formatMoney(total)).join(' + ')}</dd>
          </div>
        </dl>
      )}
      {!isAvailable && <p className="small">{texts.cart.fixFirst}</p>}
      {totals.length > 1 && <p>{texts.cart.oneCurrency(totals.map(({ currency }) => currency))}</p>}
      {children}
      {!isEmpty && (
        <p className="small reserved">
          {settings !== undefined && texts.cart.reserved(formatDuration(settings.payment_window_ms))}
        </p>
      )}
    </section>
  );
}
