import { resolve } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import type { Ledger } from './ledger';
import { aboutPage, type Html, paymentPage, unknownPaymentPage } from './page';
import { Problem } from './problem';
import { actionParameter, outcomeOf } from './requests';

/** Contains the folder `assets`. The relative path is the same from `src` (jest) and from `dist`. */
const root = resolve(__dirname, '../../gateway');
const assets = serveStatic({ root, onFound: (_path, c) => c.header('Cache-Control', 'public, max-age=300') });

/** The shopper's pages. Anybody who knows the payment id can pay, as on other hosted payment pages. */
export function pageRoutes(ledger: Ledger) {
  return new Hono()
    .get('/', (c) => answer(c, aboutPage()))
    .get('/assets/*', assets)
    .get('/pay/:paymentId', async (c) => {
      const payment = await ledger.find(c.req.param('paymentId'));
      if (!payment) return answer(c, unknownPaymentPage(), { status: 404 });
      return answer(c, paymentPage(payment), { returnUrl: payment.returnUrl });
    })
    .post(`/pay/:paymentId/${actionParameter}`, async (c) => {
      const { paymentId, action } = c.req.param();
      const asked = outcomeOf(action);
      try {
        const { outcome, returnUrl } = await ledger.settle({ paymentId, outcome: asked });
        c.header('Cache-Control', 'no-store');
        // If the payment has another outcome, the shopper's page was out of date. The shopper then sees the outcome.
        return c.redirect(outcome === asked ? returnUrl : `/pay/${paymentId}`, 303);
      } catch (error) {
        if (error instanceof Problem) return answer(c, unknownPaymentPage(), { status: 404 });
        throw error;
      }
    });
}

/**
 * @param options.returnUrl an address that the forms may redirect to: Chromium applies `form-action` to redirects too
 */
async function answer(c: Context, page: Html, options: { status?: 200 | 404; returnUrl?: string } = {}) {
  const { status = 200, returnUrl } = options;
  const targets = returnUrl === undefined ? "'self'" : `'self' ${new URL(returnUrl).origin}`;
  c.header(
    'Content-Security-Policy',
    `default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action ${targets}`,
  );
  c.header('Cache-Control', 'no-store');
  return c.html(page, status);
}
