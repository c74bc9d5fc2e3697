import { Hono } from 'hono';
import type { PaymentRoutesDeps } from './paymentRoutes';
import { presentPayment } from './presenters';
import { actionParameter, outcomeOf, readBehaviour } from './requests';

/** The routes that only a sandbox has. They settle payments without a shopper, and make webhooks go wrong. */
export function sandboxRoutes({ ledger, publicUrl }: PaymentRoutesDeps) {
  return new Hono()
    .put('/sandbox/behaviour', async (c) => {
      const behaviour = await readBehaviour(c.req);
      await ledger.setBehaviour(behaviour);
      const { delayMs, ...rest } = behaviour;
      return c.json({ ...rest, delay_ms: delayMs });
    })
    .post(`/sandbox/payments/:paymentId/${actionParameter}`, async (c) => {
      const outcome = outcomeOf(c.req.param('action'));
      const payment = await ledger.settle({ paymentId: c.req.param('paymentId'), outcome });
      return c.json(presentPayment(payment, publicUrl));
    })
    .post('/sandbox/payments/:paymentId/webhooks', async (c) => {
      const { eventId } = await ledger.resend(c.req.param('paymentId'));
      return c.json({ webhook_id: eventId }, 202);
    });
}
