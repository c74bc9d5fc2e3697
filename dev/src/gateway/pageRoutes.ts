import { resolve } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { htmlAnswer } from './htmlAnswer';
import type { Ledger } from './ledger';
import { aboutPage, paymentPage, unknownPaymentPage } from './page';
import { Problem } from './problem';
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
      try {
        const { outcome, returnUrl } = await ledger.settle({ paymentId, outcome: asked });
        c.header('Cache-Control', 'no-store');
        // If the payment already had another outcome, the shopper's page was out of date. In that case, the redirect
        // leads to a page with the real outcome.
        return c.redirect(outcome === asked ? returnUrl : `/pay/${paymentId}`, 303);
      } catch (error) {
        if (error instanceof Problem) return htmlAnswer(c, unknownPaymentPage(), { status: 404 });
        throw error;
      }
    });
}
