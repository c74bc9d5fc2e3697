import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { operatorOf } from '../middleware/requireAdmin';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import {
  adminProblems,
  backendProblems,
  jsonResponse,
  onInvalid,
  postgresProblems,
  problems,
} from '../openapi/responses';
import { orderSchema, paymentPageSchema } from '../openapi/orderSchemas';
import { orderId, paymentId } from '../openapi/schemas';
import { orderBody } from '../presenters';
import { Problem, unknownOrder } from '../problem';
import { cancelOrder } from '../runs/cancelOrder';
import type { RunsContext } from '../runs/context';
import { openPaymentPage } from '../runs/openPaymentPage';
import { noStore } from './noStore';

export interface OrderActionRoutesDeps {
  runs: RunsContext;
  store: Pick<Store, 'keepMoney' | 'readOrder' | 'recordCancelRequest'>;
  admin: MiddlewareHandler;
}

const orderParam = z.object({ order_id: orderId.openapi({ example: examples.orderId }) });
const unknownPayment = ['payment_unknown', 'There is no such payment.'] as const;

const cancelOrderRoute = createRoute({
  method: 'post',
  path: '/order/{order_id}/cancel',
  operationId: 'cancelOrder',
  summary: 'Cancel an order that is not shipped yet',
  description:
    'The stock of the order is released. If the order was paid, the payment is refunded. A repeated request gets the same answer. If the order is ready to ship, but all of its pieces are back in stock, only an operator can cancel it.',
  tags: ['orders'],
  request: { params: orderParam },
  responses: {
    200: jsonResponse(orderSchema, 'The cancelled order'),
    ...problems(
      'order_unknown',
      'order_dispatched',
      'order_not_cancellable',
      'product_busy',
      'gateway_unavailable',
      ...backendProblems,
    ),
  },
});

const cancelAsOperatorRoute = createRoute({
  method: 'post',
  path: '/ops/orders/{order_id}/cancel',
  operationId: 'cancelAsOperator',
  summary: 'Cancel an order, and record which operator did it',
  description:
    'Cancels the order in the same way as `cancelOrder`. This is possible even if all of its pieces are back in stock.',
  tags: ['operations'],
  security: adminOnly,
  request: { params: orderParam },
  responses: {
    200: jsonResponse(orderSchema, 'The cancelled order'),
    ...problems(
      'order_unknown',
      'order_dispatched',
      'product_busy',
      'gateway_unavailable',
      ...adminProblems,
      ...backendProblems,
    ),
  },
});

const keepMoneyRoute = createRoute({
  method: 'post',
  path: '/ops/orders/{order_id}/keep_money',
  operationId: 'keepMoney',
  summary: 'Record that the shop keeps the money of a cancelled order after its disputes',
  description: [
    'Possible while `listAttention` lists the order as `money_kept`. The order then leaves the list, until one of its',
    'disputes changes again. The money can still be refunded. Safe to repeat.',
  ].join(' '),
  tags: ['operations'],
  security: adminOnly,
  request: { params: z.object({ order_id: orderId.openapi({ example: examples.disputedOrderId }) }) },
  responses: {
    200: jsonResponse(orderSchema, 'The order'),
    ...problems('order_unknown', 'no_money_to_keep', ...adminProblems, ...postgresProblems),
  },
});

const openPaymentPageRoute = createRoute({
  method: 'post',
  path: '/payment/{payment_id}/page',
  operationId: 'openPaymentPage',
  summary: "Open the gateway's page on which the shopper pays",
  description: 'The first request opens the payment at the gateway. Later requests get the same page.',
  tags: ['checkout'],
  request: { params: z.object({ payment_id: paymentId.openapi({ example: examples.paymentId }) }) },
  responses: {
    200: jsonResponse(paymentPageSchema, 'The page. Its `payment_url` is null if there is nothing to pay'),
    ...problems('payment_unknown', 'payment_refused', 'gateway_unavailable', ...backendProblems),
  },
});

/** The routes that cancel an order, keep its money and open its payment page. */
export function orderActionRoutes({ runs, store, admin }: OrderActionRoutesDeps) {
  const read = async (id: string) => {
    const order = await store.readOrder(id);
    if (order === undefined) throw new Problem(...unknownOrder);
    return orderBody(order);
  };
  const cancel = async (id: string) => {
    const status = await cancelOrder(runs, id);
    if (status === undefined) throw new Problem(...unknownOrder);
    if (status === 'PAID')
      throw new Problem(
        'order_not_cancellable',
        'All pieces are back in stock. Only the shop can cancel the order now.',
      );
    if (status !== 'CANCELLED')
      throw new Problem('order_dispatched', 'The order has been shipped and can no longer be cancelled.');
    return read(id);
  };
  return new OpenAPIHono()
    .openapi(
      cancelOrderRoute,
      async (c) => c.json(await cancel(c.req.valid('param').order_id), 200, noStore),
      onInvalid(...unknownOrder),
    )
    .openapi(
      { ...cancelAsOperatorRoute, middleware: admin },
      async (c) => {
        const { order_id: id } = c.req.valid('param');
        await store.recordCancelRequest({ orderId: id, operator: operatorOf(c) });
        return c.json(await cancel(id), 200, noStore);
      },
      onInvalid(...unknownOrder),
    )
    .openapi(
      { ...keepMoneyRoute, middleware: admin },
      async (c) => {
        const { order_id: id } = c.req.valid('param');
        const isKept = await store.keepMoney({ orderId: id, operator: operatorOf(c) });
        const order = await read(id);
        if (!isKept) throw new Problem('no_money_to_keep', 'The store has no money of this order to decide about.');
        return c.json(order, 200, noStore);
      },
      onInvalid(...unknownOrder),
    )
    .openapi(
      openPaymentPageRoute,
      async (c) => {
        const page = await openPaymentPage(runs, c.req.valid('param').payment_id);
        if (page === undefined) throw new Problem(...unknownPayment);
        return c.json(page, 200, noStore);
      },
      onInvalid(...unknownPayment),
    );
}
