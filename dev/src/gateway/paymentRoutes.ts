import { Hono } from 'hono';
import { presentBuyer } from './buyer';
import type { Ledger } from './ledger';
import { presentPayment, presentRefund } from './presenters';
import { Problem } from './problem';
import { readIdempotencyKey, readOpenRequest, readPage, readRefund, readTraceparent } from './requests';

export interface PaymentRoutesDeps {
  ledger: Ledger;
  /** The public address of the gateway. Payment pages are below this address. */
  publicUrl: string;
}

/** The API for a shop's servers. */
export function paymentRoutes({ ledger, publicUrl }: PaymentRoutesDeps) {
  return new Hono()
    .post('/v1/payments', async (c) => {
      const payment = await ledger.open({ ...(await readOpenRequest(c.req)), traceparent: readTraceparent(c.req) });
      return c.json(presentPayment(payment, publicUrl));
    })
    .get('/v1/payments', async (c) => {
      const { payments, hasMore } = await ledger.list(readPage(c.req));
      const last = payments.at(-1);
      return c.json({
        payments: payments.map((payment) => presentPayment(payment, publicUrl)),
        next_cursor: hasMore && last ? String(last.revision) : null,
      });
    })
    .get('/v1/payments/:paymentId', async (c) => {
      const payment = await ledger.find(c.req.param('paymentId'));
      if (!payment) throw new Problem('payment_unknown', 'There is no such payment.');
      return c.json(presentPayment(payment, publicUrl));
    })
    .get('/v1/payments/:paymentId/buyer', async (c) => {
      const payment = await ledger.find(c.req.param('paymentId'));
      if (!payment) throw new Problem('payment_unknown', 'There is no such payment.');
      if (!payment.buyer) throw new Problem('buyer_unknown', 'The payment has no buyer.');
      return c.json(presentBuyer(payment.buyer));
    })
    .post('/v1/payments/:paymentId/refunds', async (c) => {
      const idempotencyKey = readIdempotencyKey(c.req);
      const { amount_minor: amountMinor } = await readRefund(c.req);
      const refund = await ledger.refund({ paymentId: c.req.param('paymentId'), idempotencyKey, amountMinor });
      return c.json(presentRefund(refund));
    });
}
