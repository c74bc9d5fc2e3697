import type { Store } from '@widget-store/db';
import { isOrderId, isPaymentId } from '@widget-store/workflows/contract';
import { Hono } from 'hono';
import type { Cancellations } from '../cancellations';
import type { PaymentPages } from '../paymentPages';
import { orderBody } from '../presenters';
import { Problem } from '../problem';
import type { Refunds } from '../refunds';

export interface OrderActionRoutesDeps {
  cancellations: Cancellations;
  refunds: Refunds;
  paymentPages: PaymentPages;
  store: Pick<Store, 'readOrder'>;
}

const noStore = { 'Cache-Control': 'no-store' };

/** Cancel an order, give its money back, go to its payment page. */
export function orderActionRoutes({ cancellations, refunds, paymentPages, store }: OrderActionRoutesDeps) {
  const readOrder = async (orderId: string) => {
    const order = await store.readOrder(orderId);
    if (order === undefined) throw unknownOrder();
    return orderBody(order);
  };
  return new Hono()
    .post('/order/:orderId/cancel', async (c) => {
      const orderId = readOrderId(c.req.param('orderId'));
      const status = await cancellations.cancel(orderId);
      if (status === undefined) throw unknownOrder();
      if (status !== 'CANCELLED') throw new Problem('order_dispatched', 'The order is dispatched: it is too late.');
      return c.json(await readOrder(orderId), 200, noStore);
    })
    .post('/order/:orderId/refund', async (c) => {
      const orderId = readOrderId(c.req.param('orderId'));
      if (!(await refunds.start(orderId))) throw unknownOrder();
      return c.json(await readOrder(orderId), 202, noStore);
    })
    .post('/payment/:paymentId/page', async (c) => {
      const paymentId = c.req.param('paymentId');
      const page = isPaymentId(paymentId) ? await paymentPages.open(paymentId) : undefined;
      if (page === undefined) throw new Problem('payment_unknown', 'There is no such payment.');
      return c.json(page, 200, noStore);
    });
}

function readOrderId(orderId: string): string {
  if (isOrderId(orderId)) return orderId;
  throw unknownOrder();
}

function unknownOrder(): Problem {
  return new Problem('order_unknown', 'There is no such order.');
}
