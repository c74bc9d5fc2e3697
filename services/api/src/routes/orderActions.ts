import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import type { Cancellations } from '../runs/cancellations';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { anyAway, jsonResponse, otherwise, problems } from '../openapi/responses';
import { orderId, orderSchema, paymentId, paymentPageSchema } from '../openapi/schemas';
import type { PaymentPages } from '../runs/paymentPages';
import { orderBody } from '../presenters';
import { Problem, unknownOrder } from '../problem';
import type { Refunds } from '../runs/refunds';
import { noStore } from './noStore';

export interface OrderActionRoutesDeps {
  cancellations: Cancellations;
  refunds: Refunds;
  paymentPages: PaymentPages;
  store: Pick<Store, 'readOrder'>;
  /** Stands before the refund. */
  admin: MiddlewareHandler;
}

const orderParam = z.object({ order_id: orderId.openapi({ example: examples.orderId }) });
const unknownPayment = ['payment_unknown', 'There is no such payment.'] as const;

const cancelOrder = createRoute({
  method: 'post',
  path: '/order/{order_id}/cancel',
  operationId: 'cancelOrder',
  summary: 'Cancel an order that is not dispatched yet',
  description: 'Its stock is released and a payment that was made goes back. Cancelling again gets the same answer.',
  tags: ['orders'],
  request: { params: orderParam },
  responses: {
    200: jsonResponse(orderSchema, 'The order, cancelled'),
    ...problems('order_unknown', 'order_dispatched', ...anyAway),
  },
});

const refundOrder = createRoute({
  method: 'post',
  path: '/order/{order_id}/refund',
  operationId: 'refundOrder',
  summary: "Give back what the gateway keeps of a cancelled order's payment",
  description: 'Safe to repeat: the gateway is asked what it keeps, and nothing is given back twice.',
  tags: ['orders'],
  security: adminOnly,
  request: { params: orderParam },
  responses: {
    202: jsonResponse(orderSchema, 'The order as it stands; its `refund` shows what came of it'),
    ...problems('order_unknown', 'order_not_refundable', 'admin_token_missing', 'admin_token_wrong', ...anyAway),
  },
});

const openPaymentPage = createRoute({
  method: 'post',
  path: '/payment/{payment_id}/page',
  operationId: 'openPaymentPage',
  summary: "Where to pay: the gateway's page",
  description: 'The payment is opened at the gateway at the first request; later ones get the same page.',
  tags: ['checkout'],
  request: { params: z.object({ payment_id: paymentId.openapi({ example: examples.paymentId }) }) },
  responses: {
    200: jsonResponse(paymentPageSchema, 'The page, or null when there is nothing left to pay'),
    ...problems('payment_unknown', 'gateway_unavailable', ...anyAway),
  },
});

/** Cancel an order, give its money back, go to its payment page. */
export function orderActionRoutes({ cancellations, refunds, paymentPages, store, admin }: OrderActionRoutesDeps) {
  const readOrder = async (id: string) => {
    const order = await store.readOrder(id);
    if (order === undefined) throw new Problem(...unknownOrder);
    return orderBody(order);
  };
  return new OpenAPIHono()
    .openapi(
      cancelOrder,
      async (c) => {
        const { order_id: id } = c.req.valid('param');
        const status = await cancellations.cancel(id);
        if (status === undefined) throw new Problem(...unknownOrder);
        if (status !== 'CANCELLED')
          throw new Problem('order_dispatched', 'The order has been dispatched and can no longer be cancelled.');
        return c.json(await readOrder(id), 200, noStore);
      },
      otherwise(...unknownOrder),
    )
    .openapi(
      { ...refundOrder, middleware: admin },
      async (c) => {
        const { order_id: id } = c.req.valid('param');
        if (!(await refunds.start(id))) throw new Problem(...unknownOrder);
        return c.json(await readOrder(id), 202, noStore);
      },
      otherwise(...unknownOrder),
    )
    .openapi(
      openPaymentPage,
      async (c) => {
        const page = await paymentPages.open(c.req.valid('param').payment_id);
        if (page === undefined) throw new Problem(...unknownPayment);
        return c.json(page, 200, noStore);
      },
      otherwise(...unknownPayment),
    );
}
