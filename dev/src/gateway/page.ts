import { formatMoney as formatInLocale, type Money } from '@widget-store/contract';
import { html } from 'hono/html';
import type { Payment } from './ledgerState';
import type { Outcome } from './records';

export type Html = ReturnType<typeof html>;

const merchant = 'Widget Store';

const results = {
  paid: { title: 'Payment complete', text: 'The store will continue with your order.', mark: '✓' },
  declined: { title: 'Payment declined', text: 'The bank refused this card. Nothing was charged.', mark: '!' },
  closed: { title: 'Payment cancelled', text: 'You left before paying. Nothing was charged.', mark: '×' },
} as const satisfies Record<Outcome, { title: string; text: string; mark: string }>;

/** Returns the page on which a shopper pays or sees the outcome. */
export function paymentPage(payment: Payment): Html {
  const { outcome } = payment;
  return outcome === undefined ? openPage(payment) : settledPage(payment, outcome);
}

export function unknownPaymentPage(): Html {
  const main = html`<h1>No such payment</h1>
    <p class="soft">This payment page does not exist. Go back to the store and start again.</p>`;
  return document({ title: 'No such payment', main });
}

/** Returns the start page, whose address `make dev` prints. */
export function aboutPage(): Html {
  const main = html`<h1>Payment sandbox</h1>
    <p class="soft">
      This sandbox stands in for a payment provider. When you check out in the store, the payment page opens here. Pay,
      decline or close it, and a signed webhook tells the store the outcome.
    </p>`;
  return document({ title: 'Payment sandbox', main });
}

function openPage({ paymentId, amountMinor, currency }: Payment): Html {
  const amount = formatMoney({ minor: amountMinor, currency });
  const action = (name: string): string => `/pay/${paymentId}/${name}`;
  const main = html`<h1 class="merchant">Pay ${merchant}</h1>
    <p class="amount">${amount}</p>
    <p class="reference">Payment <code>${paymentId}</code></p>
    <div class="card" role="img" aria-label="Test card ending in 4242, valid until 12/34">
      <span class="chip"></span>
      <span class="number">•••• •••• •••• 4242</span>
      <span class="holder">Test shopper</span>
      <span class="expiry">12/34</span>
    </div>
    <form method="post" action="${action('pay')}"><button class="primary">Pay ${amount}</button></form>
    <div class="others">
      <form method="post" action="${action('decline')}"><button aria-describedby="declining">Decline</button></form>
      <form method="post" action="${action('close')}"><button aria-describedby="closing">Close</button></form>
    </div>
    <p class="hint">
      <span id="declining"><b>Decline</b>: the bank refuses the card.</span>
      <span id="closing"><b>Close</b>: you leave without paying.</span>
    </p>`;
  return document({ title: `Pay ${amount} to ${merchant}`, main });
}

function settledPage(payment: Payment, outcome: Outcome): Html {
  const { paymentId, amountMinor, refundedMinor, currency, returnUrl } = payment;
  const { title, text, mark } = results[outcome];
  const refunded = html`<p class="soft">${formatMoney({ minor: refundedMinor, currency })} was refunded.</p>`;
  const main = html`<p class="mark ${outcome}" aria-hidden="true">${mark}</p>
    <h1>${title}</h1>
    <p class="amount settled">${formatMoney({ minor: amountMinor, currency })}</p>
    <p class="soft">${text}</p>
    ${refundedMinor > 0 ? refunded : ''}
    <a class="primary" href="${returnUrl}">Return to ${merchant}</a>
    <p class="reference">Payment <code>${paymentId}</code></p>`;
  return document({ title, main });
}

function document({ title, main }: { title: string; main: Html }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/pay.css" />
      </head>
      <body>
        <header class="banner"><b>Sandbox</b> No real money moves here.</header>
        <main>${main}</main>
        <footer>Payment sandbox, not a bank</footer>
      </body>
    </html>`;
}

function formatMoney(money: Money): string {
  return formatInLocale(money, 'en-US');
}
