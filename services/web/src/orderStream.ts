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
/** The api says at least every 15 s that it is still there. */
const longestSilenceMs = 40_000;

/**
 * Follows an order by server-sent events. It counts as live once something has come through: a proxy may let a stream open and
 * keep what is in it. A stream that breaks is opened again by the browser, which tells the api what it has seen; one that the api
 * refuses is closed for good (WHATWG HTML, 9.2.3), so that is opened anew here, later and later, as is one that falls silent.
 *
 * @returns a function that ends it
 */
export function followOrder({ orderId, open, onOrder, onLive }: FollowedOrder): () => void {
  let attempt = 0;
  let isLive = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let stream = connect();

  function become(live: boolean): void {
    if (live !== isLive) onLive(live);
    isLive = live;
  }

  function heard(): void {
    attempt = 0;
    become(true);
    listen();
  }

  function listen(): void {
    clearTimeout(silence);
    silence = setTimeout(reopen, longestSilenceMs);
  }

  function reopen(): void {
    clearTimeout(silence);
    stream.close();
    become(false);
    const delayMs = retryDelayMs({ attempt, retryAfterMs: null, random: Math.random() });
    attempt += 1;
    reopening = setTimeout(() => {
      stream = connect();
    }, delayMs);
  }

  function connect(): EventStream {
    const opened = open(`/order/${encodeURIComponent(orderId)}/events`);
    opened.addEventListener('beat', heard);
    opened.addEventListener('order', (event) => {
      heard();
      if (event instanceof MessageEvent) onOrder(String(event.data));
    });
    opened.addEventListener('error', () => {
      if (opened.readyState === closed) reopen();
      else become(false);
    });
    listen();
    return opened;
  }

  return () => {
    clearTimeout(silence);
    clearTimeout(reopening);
    stream.close();
    become(false);
  };
}
