import type { OrderRow, Store } from '@widget-store/db';
import { isOrderId } from '@widget-store/workflows/contract';
import { Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { createMailbox, type Mailbox } from '../mailbox';
import type { OrderEvents } from '../orderEvents';
import { orderBody } from '../presenters';
import { Problem } from '../problem';

export interface OrderEventRoutesDeps {
  store: Pick<Store, 'readOrder'>;
  orderEvents: OrderEvents;
}

/** Proxies and browsers give up a connection that is silent for a minute or so. */
const beatMs = 15_000;

/**
 * One order as server-sent events (WHATWG HTML, section 9.2): the order as it stands, then each change. The event id is the
 * version of the row, so a browser that comes back with `Last-Event-ID`, to this process or another, misses nothing and
 * sees nothing twice.
 */
export function orderEventRoutes({ store, orderEvents }: OrderEventRoutesDeps) {
  return new Hono().get('/order/:orderId/events', async (c) => {
    const orderId = c.req.param('orderId');
    const order = isOrderId(orderId) ? await store.readOrder(orderId) : undefined;
    if (order === undefined) throw new Problem('order_unknown', 'There is no such order.');
    const changes = createMailbox<OrderRow>();
    const watch = orderEvents.watch(orderId, changes);
    if (watch === undefined) throw new Problem('too_many_streams', 'This process cannot watch another order.');
    const seenVersion = Number(c.req.header('Last-Event-ID') ?? 0) || 0;
    // A proxy that collects the answer would keep every change to itself.
    c.header('X-Accel-Buffering', 'no');
    c.header('Cache-Control', 'no-store');
    return streamSSE(c, async (stream) => {
      stream.onAbort(() => watch.end());
      await sendChanges(stream, { changes, watch, seenVersion });
      watch.end();
    });
  });
}

interface Following {
  changes: Mailbox<OrderRow>;
  watch: { readonly ended: boolean };
  seenVersion: number;
}

async function sendChanges(stream: SSEStreamingApi, { changes, watch, seenVersion }: Following): Promise<void> {
  let sentVersion = seenVersion;
  while (!watch.ended) {
    const order = await changes.take(beatMs);
    if (order === undefined) {
      await stream.write(': still here\n\n');
    } else if (order.version > sentVersion) {
      sentVersion = order.version;
      await stream.writeSSE({ id: String(sentVersion), event: 'order', data: JSON.stringify(orderBody(order)) });
    }
  }
}
