import { type Context, Hono } from 'hono';
import type { Assets } from './assets';
import { type Ledger, LedgerError } from './ledger';
import { aboutPage, type Html, paymentPage, unknownPaymentPage } from './page';
import { actionParameter, outcomeOf } from './requests';

export interface PageRoutesDeps {
  ledger: Ledger;
  assets: Assets;
}

const assetCaching = 'public, max-age=300';

/** What a shopper sees. Knowing the payment id is the right to pay, as it is with hosted pages elsewhere. */
export function pageRoutes({ ledger, assets }: PageRoutesDeps) {
  return new Hono()
    .get('/', (c) => answer(c, aboutPage()))
    .get('/assets/pay.css', (c) =>
      c.body(assets.styles, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': assetCaching }),
    )
    .get('/assets/icon.svg', (c) =>
      c.body(assets.icon, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': assetCaching }),
    )
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
        // Who asked for something else, on a page that was old, is shown what really happened.
        return c.redirect(outcome === asked ? returnUrl : `/pay/${paymentId}`, 303);
      } catch (error) {
        if (error instanceof LedgerError) return answer(c, unknownPaymentPage(), { status: 404 });
        throw error;
      }
    });
}

/** @param options.returnUrl where the page's forms may lead to: Chromium applies `form-action` to redirects as well */
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
