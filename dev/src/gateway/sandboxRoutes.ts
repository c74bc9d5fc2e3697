import { Hono } from 'hono';
import { exampleBuyer } from './buyer';
import { disputeActions, paymentActions, refundActions } from './pathActions';
import type { PaymentRoutesDeps } from './paymentRoutes';
import { presentDispute, presentPayment, presentRefund } from './presenters';
import { readBehaviour, readDashboardRefund, readDispute, readIdempotencyKey, readNextRefund } from './requests';

/** The routes that only a sandbox has. They act for shoppers, banks and the gateway's staff, or disturb webhooks. */
export function sandboxRoutes({ ledger, publicUrl }: PaymentRoutesDeps) {
  return new Hono()
    .put('/sandbox/behaviour', async (c) => {
      const behaviour = await readBehaviour(c.req);
      await ledger.setBehaviour(behaviour);
      const { delayMs, ...rest } = behaviour;
      return c.json({ ...rest, delay_ms: delayMs });
    })
    .post(`/sandbox/payments/:paymentId/${paymentActions.parameter}`, async (c) => {
      const { paymentId, action } = c.req.param();
      const outcome = paymentActions.resultOf(action);
      const open = await ledger.find(paymentId);
      const countries = outcome === 'paid' ? (open?.shippingCountries ?? []) : [];
      // This call pays like a shopper who does not change the example on the page.
      const buyer = countries.length > 0 ? exampleBuyer(paymentId, countries) : undefined;
      const payment = await ledger.settle({ paymentId, outcome, buyer });
      return c.json(presentPayment(payment, publicUrl));
    })
    .post('/sandbox/payments/:paymentId/webhooks', async (c) => {
      const { eventId } = await ledger.resend(c.req.param('paymentId'));
      return c.json({ webhook_id: eventId }, 202);
    })
    .put('/sandbox/payments/:paymentId/next_refund', async (c) => {
      const { status } = await readNextRefund(c.req);
      await ledger.setNextRefund({ paymentId: c.req.param('paymentId'), status });
      return c.json({ status });
    })
    .post('/sandbox/payments/:paymentId/refunds', async (c) => {
      const request = { paymentId: c.req.param('paymentId'), idempotencyKey: readIdempotencyKey(c.req) };
      return c.json(
        presentRefund(await ledger.refundInDashboard({ ...request, ...(await readDashboardRefund(c.req)) })),
      );
    })
    .post(`/sandbox/payments/:paymentId/refunds/:refundId/${refundActions.parameter}`, async (c) => {
      const { paymentId, refundId, action } = c.req.param();
      return c.json(
        presentRefund(await ledger.endRefund({ paymentId, refundId, status: refundActions.resultOf(action) })),
      );
    })
    .post('/sandbox/payments/:paymentId/disputes', async (c) => {
      const request = { paymentId: c.req.param('paymentId'), idempotencyKey: readIdempotencyKey(c.req) };
      return c.json(presentDispute(await ledger.openDispute({ ...request, ...(await readDispute(c.req)) })));
    })
    .post(`/sandbox/payments/:paymentId/disputes/:disputeId/${disputeActions.parameter}`, async (c) => {
      const { paymentId, disputeId, action } = c.req.param();
      const status = disputeActions.resultOf(action);
      return c.json(presentDispute(await ledger.closeDispute({ paymentId, disputeId, status })));
    });
}
