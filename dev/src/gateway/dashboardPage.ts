import { randomBytes } from 'node:crypto';
import { decimalAmount } from '@widget-store/contract';
import { html } from 'hono/html';
import { disputeReasons } from './dashboardForms';
import { formatMoney, htmlDocument, type Html } from './htmlDocument';
import { type Dispute, disputableMinor, type Payment, type Refund, refundableMinor } from './payment';
import { type RefundStatus, refundStatuses } from './records';

const refundTexts = { pending: 'Pending', succeeded: 'Succeeded', failed: 'Failed' } as const;
const disputeTexts = { open: 'Open', won: 'Won by the store', lost: 'Lost by the store' } as const;
const nextRefundTexts: Record<RefundStatus, string> = {
  succeeded: 'succeeds',
  pending: 'stays pending until you decide here',
  failed: 'fails',
};

export function dashboardPath(paymentId: string): string {
  return `/dashboard/${paymentId}`;
}

/**
 * Returns the page on which an engineer refunds or disputes a payment, in place of the gateway's staff, a bank or a
 * cardholder.
 *
 * @param error why the request was refused; null if it was not refused
 */
export function dashboardPage(payment: Payment, error: string | null): Html {
  const { paymentId, currency, capturedMinor, refundedMinor, returnUrl } = payment;
  const money = (minor: number): string => formatMoney({ minor, currency });
  const main = html`<h1>Payment dashboard</h1>
    <p class="reference">Payment <code>${paymentId}</code></p>
    ${error === null ? '' : html`<p class="error" role="alert">${error}</p>`}
    <dl>
      <div>
        <dt>Captured</dt>
        <dd>${money(capturedMinor)}</dd>
      </div>
      <div>
        <dt>Refunded</dt>
        <dd>${money(refundedMinor)}</dd>
      </div>
      <div>
        <dt>Left to refund</dt>
        <dd>${money(refundableMinor(payment))}</dd>
      </div>
    </dl>
    ${capturedMinor === 0 ? html`<p class="soft">Nothing was captured, so nothing can be refunded or disputed.</p>` : captured(payment)}
    <p class="links">
      <a href="/pay/${paymentId}">The shopper's payment page</a> <a href="${returnUrl}">The order</a>
    </p>`;
  return htmlDocument({ title: 'Payment dashboard', main, kind: 'dashboard' });
}

function captured(payment: Payment): Html {
  return html`<section aria-labelledby="refunds">
      <h2 id="refunds">Refunds</h2>
      ${payment.refunds.length === 0 ? html`<p class="soft">No refunds yet.</p>` : ''}
      <ul>
        ${payment.refunds.map((refund) => refundItem(payment, refund))}
      </ul>
      ${refundForm(payment)} ${nextRefundForm(payment)}
    </section>
    <section aria-labelledby="disputes">
      <h2 id="disputes">Disputes</h2>
      ${payment.disputes.length === 0 ? html`<p class="soft">No disputes yet.</p>` : ''}
      <ul>
        ${payment.disputes.map((dispute) => disputeItem(payment, dispute))}
      </ul>
      ${disputeForm(payment)}
    </section>`;
}

function refundItem({ paymentId, currency }: Payment, refund: Refund): Html {
  const { refundId, madeBy, amountMinor, status, createdAt } = refund;
  const amount = formatMoney({ minor: amountMinor, currency });
  const by = madeBy === 'store' ? 'asked for by the store' : 'made here';
  const path = `${dashboardPath(paymentId)}/refunds/${refundId}`;
  return html`<li>
    <p><b>${amount}</b> <span class="status ${status}">${refundTexts[status]}</span></p>
    <p class="hint">${by}, ${time(createdAt)}</p>
    <div class="buttons">
      ${status === 'pending' ? button(`${path}/succeed`, 'Complete', `the refund of ${amount}`) : ''}
      ${status === 'failed' ? '' : button(`${path}/fail`, 'Fail', `the refund of ${amount}`)}
    </div>
  </li>`;
}

function disputeItem({ paymentId, currency }: Payment, dispute: Dispute): Html {
  const { disputeId, amountMinor, reason, status, createdAt } = dispute;
  const amount = formatMoney({ minor: amountMinor, currency });
  const path = `${dashboardPath(paymentId)}/disputes/${disputeId}`;
  return html`<li>
    <p><b>${amount}</b> <span class="status ${status}">${disputeTexts[status]}</span></p>
    <p class="hint">${reason === null ? '' : `${reasonText(reason)}, `}opened ${time(createdAt)}</p>
    ${
      status === 'open'
        ? html`<div class="buttons">
            ${button(`${path}/win`, 'The store wins', `the dispute of ${amount}`)}
            ${button(`${path}/lose`, 'The store loses', `the dispute of ${amount}`)}
          </div>`
        : ''
    }
  </li>`;
}

function refundForm(payment: Payment): Html | string {
  if (refundableMinor(payment) === 0) return '';
  return html`<form method="post" action="${dashboardPath(payment.paymentId)}/refunds" class="fields">
    ${requestKey()} ${amountField(payment, refundableMinor(payment))}
    <label class="check"><input type="checkbox" name="pending" value="on" /> Leave it pending</label>
    <button>Refund</button>
  </form>`;
}

function nextRefundForm({ paymentId, nextRefund }: Payment): Html {
  return html`<form method="post" action="${dashboardPath(paymentId)}/next_refund" class="fields">
    <label>
      The next refund that the store asks for
      <select name="status">
        ${refundStatuses
          .toSorted((one) => (one === 'succeeded' ? -1 : 1))
          .map((status) => option({ value: status, text: nextRefundTexts[status], selected: status === nextRefund }))}
      </select>
    </label>
    <button>Save</button>
  </form>`;
}

function disputeForm(payment: Payment): Html | string {
  if (disputableMinor(payment) === 0) return '';
  return html`<form method="post" action="${dashboardPath(payment.paymentId)}/disputes" class="fields">
    ${requestKey()} ${amountField(payment, disputableMinor(payment))}
    <label>
      Reason
      <select name="reason">
        ${disputeReasons.map((reason) => option({ value: reason, text: reasonText(reason), selected: false }))}
      </select>
    </label>
    <button>Open a dispute</button>
  </form>`;
}

/** A form that is sent twice has the same key both times, so its refund or dispute is made only once. */
function requestKey(): Html {
  return html`<input type="hidden" name="key" value="${randomBytes(16).toString('hex')}" />`;
}

function amountField({ currency }: Payment, mostMinor: number): Html {
  return html`<label>
    Amount, at most ${formatMoney({ minor: mostMinor, currency })}
    <input name="amount" inputmode="decimal" required value="${decimalAmount({ minor: mostMinor, currency })}" />
  </label>`;
}

function option({ value, text, selected }: { value: string; text: string; selected: boolean }): Html {
  return html`<option value="${value}" ${selected ? 'selected' : ''}>${text}</option>`;
}

/**
 * @param subject what the button acts on. Screen readers read this text after the label, because several buttons have
 * the same label.
 */
function button(action: string, text: string, subject: string): Html {
  return html`<form method="post" action="${action}"><button aria-label="${text}: ${subject}">${text}</button></form>`;
}

function reasonText(reason: string): string {
  return reason.replaceAll('_', ' ');
}

function time(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}
