import type { OrderRow } from '@widget-store/db';
import { createOrderWatches } from '../watches/orderWatches';
import { orderEventRoutes } from './orderEvents';

const orderId = `ord_${'1'.repeat(32)}`;

/** Starts the route with one order. `change` sets any version, even an earlier one, as in a restored database. */
function startStream() {
  const row = { orderId, version: 5, status: 'PAID', items: [], createdAt: new Date(0), updatedAt: new Date(0) };
  const order = Object.assign(row, {
    expiresAt: new Date(0),
    adjustments: [],
    totalMinor: 0,
    currency: 'USD',
    cancelReason: null,
    capturedMinor: 0,
    refundedMinor: 0,
    refunds: [],
    buyer: null,
  });
  const rows = () => ({ ...order }) as unknown as OrderRow;
  const store = { readOrder: async () => rows(), readOrders: async () => [rows()] };
  const orderWatches = createOrderWatches({ store, log: { debug: () => {} } as never });
  const app = orderEventRoutes({ store, orderWatches, clientOf: () => 'client' });
  const change = (version: number, status: string): void => {
    Object.assign(order, { version, status });
    orderWatches.changed(orderId);
  };
  return { follow: follower(app), change };
}

/**
 * Returns a function that opens the stream. That function returns another one, which reads the next event of the
 * stream: `beat`, or an order's version and status.
 */
function follower(app: ReturnType<typeof orderEventRoutes>) {
  return async (lastEventId?: string) => {
    const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const bindings = { incoming: { socket: {} } };
    const response = await app.request(`/order/${orderId}/events`, { headers }, bindings);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    return async (): Promise<string> => {
      const { value = '' } = (await reader?.read()) ?? {};
      if (value.startsWith('event: beat')) return 'beat';
      return `${/^id: (.*)$/m.exec(value)?.[1]} ${/"status":"(\w+)"/.exec(value)?.[1]}`;
    };
  };
}

describe('Last-Event-ID', () => {
  it('that is the version of the order gets a beat, and then each change', async () => {
    const { follow, change } = startStream();
    const next = await follow('5');
    expect(await next()).toBe('beat');
    change(6, 'DISPATCHED');
    expect(await next()).toBe('6 DISPATCHED');
  });

  it.each([undefined, '', '0', '4', '6', '999999', '-1', '5.0', '0x5', '1e400', 'nonsense', 'ord_1:5'])(
    '%j is not the version of the order: the order comes at once',
    async (lastEventId) => {
      const { follow } = startStream();
      const next = await follow(lastEventId);
      expect(await next()).toBe('5 PAID');
    },
  );

  it('of a version that the restored database does not have gets the order at once, and then each change', async () => {
    const { follow, change } = startStream();
    change(3, 'PENDING');
    const next = await follow('5');
    expect(await next()).toBe('3 PENDING');
    change(4, 'CANCELLED');
    expect(await next()).toBe('4 CANCELLED');
  });
});

it('an open stream continues with the earlier version of a restored database', async () => {
  const { follow, change } = startStream();
  const next = await follow();
  expect(await next()).toBe('5 PAID');
  change(3, 'PENDING');
  expect(await next()).toBe('3 PENDING');
  change(4, 'CANCELLED');
  expect(await next()).toBe('4 CANCELLED');
});
