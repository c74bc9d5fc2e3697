import { storeName } from '@widget-store/contract';
import { html } from 'hono/html';
import { buyerFields, type EnteredBuyer } from './buyerFields';
import { formatMoney, htmlDocument, type Html } from './htmlDocument';
import { lineItemList, timeLeft } from './orderSummary';
import { dashboardPath } from './dashboardPage';
import type { Payment } from './payment';
import type { Outcome } from './records';

const results = {
  paid: { title: 'Payment complete', text: 'The store will continue with your order.', mark: '✓' },
  declined: { title: 'Payment declined', text: 'The bank refused this card. Nothing was charged.', mark: '!' },
  closed: { title: 'Payment cancelled', text: 'You left before paying. Nothing was charged.', mark: '×' },
} as const satisfies Record<Outcome, { title: string; text: string; mark: string }>;

/**
 * Returns the page on which a shopper pays or sees the outcome.
 *
 * @param entered what the shopper has entered for the buyer, if some of it was refused
 */
export function paymentPage(payment: Payment, entered?: EnteredBuyer): Html {
  const { outcome } = payment;
  return outcome === undefined ? openPage(payment, entered) : settledPage(payment, outcome);
}

export function unknownPaymentPage(): Html {
  const main = html`<h1>No such payment</h1>
    <p class="soft">This payment page does not exist. Go back to the store and start again.</p>`;
  return htmlDocument({ title: 'No such payment', main });
}

/** Returns the start page, whose address `make dev` prints. */
export function aboutPage(): Html {
  const main = html`<h1>Payment sandbox</h1>
    <p class="soft">
      This sandbox stands in for a payment provider. When you check out in the store, the payment page opens here. Pay,
      decline or close it, and a signed webhook tells the store the outcome. The page of a paid payment links to its
      dashboard, where you refund or dispute it.
    </p>`;
  return htmlDocument({ title: 'Payment sandbox', main });
}

function openPage(payment: Payment, entered: EnteredBuyer | undefined): Html {
  const { paymentId, amountMinor, currency } = payment;
  const amount = formatMoney({ minor: amountMinor, currency });
  const action = (name: string): string => `/pay/${paymentId}/${name}`;
  const main = html`<h1 class="merchant">Pay ${storeName}</h1>
    <p class="amount">${amount}</p>
    ${timeLeft(payment)} ${lineItemList(payment)}
    <div class="card" role="img" aria-label="Test card ending in 4242, valid until 12/34">
      <span class="chip"></span>
      <span class="number">•••• •••• •••• 4242</span>
      <span class="holder">Test shopper</span>
      <span class="expiry">12/34</span>
    </div>
    <form method="post" action="${action('pay')}">
      ${buyerFields(payment, entered)}
      <button class="primary">Pay ${amount}</button>
    </form>
    <div class="others">
      <form method="post" action="${action('decline')}"><button aria-describedby="declining">Decline</button></form>
      <form method="post" action="${action('close')}"><button aria-describedby="closing">Close</button></form>
    </div>
    <p class="hint">
      <span id="declining"><b>Decline</b>: the bank refuses the card.</span>
      <span id="closing"><b>Close</b>: you leave without paying.</span>
    </p>
    <p class="reference">Payment <code>${paymentId}</code></p>`;
  return htmlDocument({ title: `Pay ${amount} to ${storeName}`, main });
}

function settledPage(payment: Payment, outcome: Outcome): Html {
  const { paymentId, amountMinor, currency, returnUrl } = payment;
  const { title, text, mark } = results[outcome];
  const main = html`<p class="mark ${outcome}" aria-hidden="true">${mark}</p>
    <h1>${title}</h1>
    <p class="amount settled">${formatMoney({ minor: amountMinor, currency })}</p>
    <p class="soft">${text}</p>
    ${refundSentences(payment)}
    <a class="primary" href="${returnUrl}">Return to ${storeName}</a>
    <p class="reference">Payment <code>${paymentId}</code></p>
    ${outcome === 'paid' ? html`<p class="hint"><a href="${dashboardPath(paymentId)}">Refund or dispute it</a></p>` : ''}`;
  return htmlDocument({ title, main });
}

function refundSentences({ refunds, currency }: Payment): Html[] {
  const sentences = { succeeded: 'was refunded.', pending: 'is on its way back.' };
  return (['succeeded', 'pending'] as const).flatMap((status) => {
    const minor = refunds.filter((refund) => refund.status === status).reduce((sum, one) => sum + one.amountMinor, 0);
    return minor === 0 ? [] : [html`<p class="soft">${formatMoney({ minor, currency })} ${sentences[status]}</p>`];
  });
}
