import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { OrderRow, Store } from '@widget-store/db';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { ClientAddress } from '../middleware/clientAddress';
import { examples } from '../openapi/examples';
import { onInvalid, postgresProblems, problems } from '../openapi/responses';
import { orderId } from '../openapi/schemas';
import { createLatestValue, type LatestValue } from '../watches/latestValue';
import type { OrderWatches } from '../watches/orderWatches';
import { orderBody } from '../presenters';
import { Problem, unknownOrder } from '../problem';
import { noStore } from './noStore';

export interface OrderEventRoutesDeps {
  store: Pick<Store, 'readOrder'>;
  orderWatches: OrderWatches;
  clientOf: ClientAddress;
}

const followOrder = createRoute({
  method: 'get',
  path: '/order/{order_id}/events',
  operationId: 'followOrder',
  summary: 'The order and each of its changes, as server-sent events',
  description: [
    'An `order` event has an Order as its data and the version of that order as its id. If several changes follow each',
    'other quickly, the stream can leave out all but the last one. A client that connects again sends its version as',
    '`Last-Event-ID`. If the order has another version, an `order` event comes at once. After a restore of a backup,',
    'that version can be an earlier one. A `beat` event says that nothing has changed. It comes at once if the client',
    'has the current version, and later whenever nothing has changed for 15 seconds.',
  ].join(' '),
  tags: ['orders'],
  request: { params: z.object({ order_id: orderId.openapi({ example: examples.orderId }) }) },
  responses: {
    200: { description: 'An endless stream', content: { 'text/event-stream': { schema: z.string() } } },
    ...problems('order_unknown', 'too_many_streams', ...postgresProblems),
  },
});

/** The interval of `beat` events. Proxies and browsers close a connection that is silent for about a minute. */
const beatMs = 15_000;

/**
 * Streams one order as server-sent events (WHATWG HTML, section 9.2): first the current order, then the order after
 * each change. A slow client can miss a version that a later one has replaced. The event id is the version of the
 * order. When a browser reconnects, possibly to another process, its header `Last-Event-ID` contains the last version
 * that it received. If the current order has another version, the browser gets the order immediately.
 */
export function orderEventRoutes({ store, orderWatches, clientOf }: OrderEventRoutesDeps) {
  return new OpenAPIHono().openapi(
    followOrder,
    async (c) => {
      const { order_id: id } = c.req.valid('param');
      if ((await store.readOrder(id)) === undefined) throw new Problem(...unknownOrder);
      // Turns buffering off in nginx. A proxy that buffers the response would hold back every change.
      c.header('X-Accel-Buffering', 'no');
      // Hono answers HEAD with this handler and drops the body. Nothing would read or end the stream of a HEAD request.
      if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream', ...noStore });
      const changes = createLatestValue<OrderRow>();
      const watch = orderWatches.watch(id, { client: clientOf(c), changes });
      if (watch === undefined)
        throw new Problem('too_many_streams', 'Too many event streams are open. Try again shortly.');
      const answer = streamSSE(c, async (stream) => {
        stream.onAbort(() => watch.end());
        await sendChanges(stream, { changes, watch, lastEventId: c.req.header('Last-Event-ID') });
        watch.end();
      });
      // Replaces the `Cache-Control` that `streamSSE` has set.
      answer.headers.set('Cache-Control', noStore['Cache-Control']);
      return answer;
    },
    onInvalid(...unknownOrder),
  );
}

interface Following {
  changes: LatestValue<OrderRow>;
  watch: { readonly ended: boolean };
  /** The version that the client says it already has. Undefined without the header `Last-Event-ID`. */
  lastEventId: string | undefined;
}

async function sendChanges(stream: SSEStreamingApi, { changes, watch, lastEventId }: Following): Promise<void> {
  let sentId = lastEventId;
  while (!watch.ended) {
    const order = await changes.take(beatMs);
    // Sends every version that differs from the last sent one, even an earlier version. A client can send any
    // `Last-Event-ID`, and a restored database has earlier versions.
    if (order === undefined || String(order.version) === sentId) {
      await stream.writeSSE({ event: 'beat', data: '{}' });
    } else {
      sentId = String(order.version);
      await stream.writeSSE({ id: sentId, event: 'order', data: JSON.stringify(orderBody(order)) });
    }
  }
}
