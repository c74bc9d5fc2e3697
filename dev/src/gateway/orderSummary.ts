import { html } from 'hono/html';
import { formatMoney, type Html } from './htmlDocument';
import type { Payment } from './payment';

/** Returns the list of what the shopper pays for. */
export function lineItemList({ lineItems, currency }: Payment): Html | '' {
  if (lineItems.length === 0) return '';
  const rows = lineItems.map(({ name, quantity, unitAmountMinor }) => {
    const text = quantity === 1 ? name : `${quantity} × ${name}`;
    const amount = formatMoney({ minor: quantity * unitAmountMinor, currency });
    return html`<li><span>${text}</span> <span>${amount}</span></li>`;
  });
  return html`<ul class="items" aria-label="Items">
    ${rows}
  </ul>`;
}

/**
 * Returns the time that is left to pay, which `countdown.js` counts down. Without scripts, the page says until when the
 * shop waits.
 */
export function timeLeft({ expiresAt }: Payment): Html | '' {
  if (expiresAt === undefined) return '';
  const leftMs = Math.max(0, Date.parse(expiresAt) - Date.now());
  return html`<p class="deadline" role="timer" data-left-ms="${leftMs}">
      The shop waits until ${expiresAt.slice(11, 16)} UTC.
    </p>
    <script src="/assets/countdown.js" defer></script>`;
}
