import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { idempotencyKeyPattern, paymentPagePath, type PlacedOrder } from '@widget-store/contract';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { cartSchema, readCart } from '../cart';
import { readJsonText } from '../json';
import { examples } from '../openapi/examples';
import { backendProblems, bodyProblems, jsonResponse, onInvalid, problems, replayedHeader } from '../openapi/responses';
import { type CheckoutBody, checkoutSchema } from '../openapi/orderSchemas';
import { paymentId } from '../openapi/schemas';
import { Problem } from '../problem';
import type { RunsContext } from '../runs/context';
import { startCheckout } from '../runs/startCheckout';
import { noStore } from './noStore';

const keyParam = z.object({
  idempotency_key: z.string().regex(idempotencyKeyPattern).openapi({ example: examples.idempotencyKey }),
});

const startCheckoutRoute = createRoute({
  method: 'post',
  path: '/checkout/{idempotency_key}',
  operationId: 'startCheckout',
  summary: 'Start a checkout, or repeat the first answer to its key',
  description: [
    'Without a body, the checkout buys one unit of the default product. After a key has placed an order, it gets the',
    'same answer for the same cart, and is refused for another cart or another expected total. The answer is the',
    'payment id as plain text, or JSON if the request has `Accept: application/json`.',
  ].join(' '),
  tags: ['checkout'],
  request: {
    params: keyParam,
    body: {
      required: false,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Cart' },
          example: { items: [{ product_id: 1, quantity: 2 }], expected_total_minor: 19_998 },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The order is placed, and its stock is reserved until the payment window ends',
      headers: replayedHeader,
      content: { 'text/plain': { schema: paymentId }, 'application/json': { schema: checkoutSchema } },
    },
    ...problems(
      'invalid_idempotency_key',
      'checkout_failed',
      'invalid_cart',
      'product_unknown',
      'mixed_currencies',
      'product_not_on_sale',
      'total_changed',
      'idempotency_key_reused',
      'overloaded',
      'product_busy',
      ...bodyProblems,
      ...backendProblems,
    ),
  },
});

const readCheckoutRoute = createRoute({
  method: 'get',
  path: '/checkout/{idempotency_key}',
  operationId: 'readCheckout',
  summary: 'Read the checkout of a key',
  tags: ['checkout'],
  request: { params: keyParam },
  responses: { 200: jsonResponse(checkoutSchema, 'The checkout'), ...problems('checkout_unknown', ...backendProblems) },
});

export interface CheckoutRoutesDeps {
  runs: RunsContext;
  /** The address of the front end, without a slash at its end. */
  storefrontUrl: string;
}

/** The routes that start and read checkouts. */
export function checkoutRoutes({ runs, storefrontUrl }: CheckoutRoutesDeps) {
  const unknown = ['checkout_unknown', 'There is no such checkout.'] as const;
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('Cart', cartSchema);
  return app
    .openapi(
      startCheckoutRoute,
      async (c) => {
        const cart = readCart(await readJsonText(c.req.raw));
        const { idempotency_key: idempotencyKey } = c.req.valid('param');
        const { order, replayed } = await startCheckout(runs, { idempotencyKey, cart, signal: c.req.raw.signal });
        const headers = replayed ? { 'Idempotent-Replayed': 'true' } : {};
        if (order.paymentId === null) throw new Problem('checkout_failed', 'Checkout failed to start', headers);
        return wantsJson(c)
          ? c.json(checkoutBody(order, storefrontUrl), 200, { ...noStore, ...headers })
          : c.text(order.paymentId, 200, { ...noStore, ...headers });
      },
      onInvalid(
        'invalid_idempotency_key',
        'An idempotency key must have 1 to 200 characters: letters, digits, "_" or "-".',
      ),
    )
    .openapi(
      readCheckoutRoute,
      async (c) => {
        const order = await runs.store.findPlacedOrder(c.req.valid('param').idempotency_key);
        if (order === undefined) throw new Problem(...unknown);
        return c.json(checkoutBody(order, storefrontUrl), 200, noStore);
      },
      onInvalid(...unknown),
    );
}

/** Clients that send no `Accept` header, or accept everything, get plain text, which existing clients expect. */
function wantsJson(c: Context): boolean {
  const supports = ['application/json', 'text/plain'];
  return accepts(c, { header: 'Accept', supports, default: 'text/plain' }) === 'application/json';
}

function checkoutBody(order: PlacedOrder, storefrontUrl: string): CheckoutBody {
  return {
    payment_id: order.paymentId,
    order_id: order.orderId,
    status: order.status,
    total_minor: order.totalMinor,
    currency: order.currency,
    expires_at: order.expiresAt,
    payment_url: order.paymentId === null ? null : `${storefrontUrl}${paymentPagePath(order.paymentId)}`,
  };
}
