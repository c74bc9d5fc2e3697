import { resolve } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { type Buyer, checkBuyer } from './buyer';
import { htmlAnswer } from './htmlAnswer';
import type { Ledger } from './ledger';
import { aboutPage, paymentPage, unknownPaymentPage } from './page';
import { paymentActions } from './pathActions';

/** Contains the folder `assets`. The relative path is the same from `src` (jest) and from `dist`. */
const root = resolve(__dirname, '../../gateway');
const assets = serveStatic({ root, onFound: (_path, c) => c.header('Cache-Control', 'public, max-age=300') });

/** The shopper's pages. Anybody who knows the payment id can pay, as on other hosted payment pages. */
export function pageRoutes(ledger: Ledger) {
  return new Hono()
    .get('/', (c) => htmlAnswer(c, aboutPage()))
    .get('/assets/*', assets)
    .get('/pay/:paymentId', async (c) => {
      const payment = await ledger.find(c.req.param('paymentId'));
      if (!payment) return htmlAnswer(c, unknownPaymentPage(), { status: 404 });
      return htmlAnswer(c, paymentPage(payment), { returnUrl: payment.returnUrl });
    })
    .post(`/pay/:paymentId/${paymentActions.parameter}`, async (c) => {
      const { paymentId, action } = c.req.param();
      const asked = paymentActions.resultOf(action);
      const payment = await ledger.find(paymentId);
      if (!payment) return htmlAnswer(c, unknownPaymentPage(), { status: 404 });
      let buyer: Buyer | undefined;
      if (asked === 'paid' && payment.outcome === undefined && payment.shippingCountries.length > 0) {
        const fields = await c.req.parseBody();
        const checked = checkBuyer(fields, payment.shippingCountries);
        if (checked.buyer === undefined) {
          const page = paymentPage(payment, { fields, invalid: checked.invalid });
          return htmlAnswer(c, page, { status: 422, returnUrl: payment.returnUrl });
        }
        buyer = checked.buyer;
      }
      const { outcome, returnUrl } = await ledger.settle({ paymentId, outcome: asked, buyer });
      c.header('Cache-Control', 'no-store');
      // If the payment already had another outcome, the shopper's page was out of date. In that case, the redirect
      // leads to a page with the real outcome.
      return c.redirect(outcome === asked ? returnUrl : `/pay/${paymentId}`, 303);
    });
}
