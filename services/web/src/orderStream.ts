import { retryDelayMs } from './retry.js';

/** The part of `EventSource` that is used. */
export type EventStream = Pick<EventSource, 'addEventListener' | 'close' | 'readyState'>;

interface FollowedOrder {
  orderId: string;
  /** Opens the stream of an address, as `new EventSource` does. */
  open: (address: string) => EventStream;
  /** The order as it stands, and after each change. @param data JSON */
  onOrder: (data: string) => void;
  /** Whether changes arrive by themselves from now on. */
  onLive: (isLive: boolean) => void;
}

const closed = 2;

/**
 * Follows an order by server-sent events. A stream that breaks is opened again by the browser, which tells the api what it
 * has seen; one that the api refuses is closed for good (WHATWG HTML, 9.2.3), so that is opened anew here, later and later.
 *
 * @returns a function that ends it
 */
export function followOrder({ orderId, open, onOrder, onLive }: FollowedOrder): () => void {
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stream = connect();

  function connect(): EventStream {
    const opened = open(`/order/${encodeURIComponent(orderId)}/events`);
    opened.addEventListener('open', () => {
      attempt = 0;
      onLive(true);
    });
    opened.addEventListener('order', (event) => {
      if (event instanceof MessageEvent) onOrder(String(event.data));
    });
    opened.addEventListener('error', () => {
      onLive(false);
      if (opened.readyState !== closed) return;
      timer = setTimeout(
        () => {
          stream = connect();
        },
        retryDelayMs({ attempt, retryAfterMs: null, random: Math.random() }),
      );
      attempt += 1;
    });
    return opened;
  }

  return () => {
    clearTimeout(timer);
    stream.close();
    onLive(false);
  };
}
