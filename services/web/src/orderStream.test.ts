import { type EventStream, followOrder } from './orderStream.js';

/** Streams that the test controls. */
function createStreams() {
  const opened: { address: string; stream: EventTarget & { readyState: number; close: jest.Mock } }[] = [];
  const open = (address: string): EventStream => {
    const stream = Object.assign(new EventTarget(), { readyState: 0, close: jest.fn() });
    opened.push({ address, stream });
    return stream as unknown as EventStream;
  };
  const last = () => {
    const { stream } = opened.at(-1) ?? {};
    if (stream === undefined) throw new Error('no stream was opened');
    return stream;
  };
  return { opened, open, last };
}

function follow() {
  const streams = createStreams();
  const [onOrder, onLive] = [jest.fn(), jest.fn()];
  const end = followOrder({ orderId: 'ord/1', open: streams.open, onOrder, onLive });
  return { ...streams, onOrder, onLive, end };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('delivers an order, and reports the stream as live only after its first event', () => {
  const { opened, last, onOrder, onLive } = follow();
  expect(opened[0]?.address).toBe('/order/ord%2F1/events');
  last().dispatchEvent(new Event('open'));
  expect(onLive).not.toHaveBeenCalled();
  last().dispatchEvent(new MessageEvent('order', { data: '{"a":1}' }));
  last().dispatchEvent(new Event('beat'));
  expect(onLive.mock.calls).toEqual([[true]]);
  expect(onOrder.mock.calls).toEqual([['{"a":1}']]);
});

test('leaves the reconnection of a broken stream to the browser', () => {
  const { opened, last, onLive } = follow();
  last().dispatchEvent(new Event('beat'));
  last().dispatchEvent(new Event('error'));
  jest.advanceTimersByTime(30_000);
  last().dispatchEvent(new Event('beat'));
  expect(onLive.mock.calls).toEqual([[true], [false], [true]]);
  expect(opened).toHaveLength(1);
});

test('reopens a refused stream with backoff', () => {
  const { opened, last } = follow();
  const refuse = () => {
    last().readyState = 2;
    last().dispatchEvent(new Event('error'));
  };
  refuse();
  jest.advanceTimersByTime(500);
  expect(opened).toHaveLength(2);
  refuse();
  jest.advanceTimersByTime(500);
  expect(opened).toHaveLength(2);
  jest.advanceTimersByTime(500);
  expect(opened).toHaveLength(3);
});

test('closes a silent stream and opens another', () => {
  const { opened, last, onLive } = follow();
  last().dispatchEvent(new Event('beat'));
  jest.advanceTimersByTime(45_000);
  expect(onLive.mock.calls).toEqual([[true], [false]]);
  expect(opened[0]?.stream.close).toHaveBeenCalled();
  expect(opened).toHaveLength(2);
});

test('opens no stream after the caller has stopped following', () => {
  const { opened, last, end } = follow();
  last().readyState = 2;
  last().dispatchEvent(new Event('error'));
  end();
  jest.advanceTimersByTime(60_000);
  expect(opened).toHaveLength(1);
  expect(last().close).toHaveBeenCalled();
});
