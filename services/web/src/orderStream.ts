import { retryDelayMs } from './retry.js';

/** The members of `EventSource` in use. */
export type EventStream = Pick<EventSource, 'addEventListener' | 'close' | 'readyState'>;

interface FollowedOrder {
  orderId: string;
  /** Opens a stream, as `new EventSource` does. */
  open: (address: string) => EventStream;
  /** Receives the current order and each change. @param data JSON */
  onOrder: (data: string) => void;
  /** Receives true when the stream starts to deliver events, and false when it stops. */
  onLive: (isLive: boolean) => void;
}

const closed = 2;
/** The api sends a heartbeat at least every 15 s. */
const longestSilenceMs = 40_000;

/**
 * Follows an order by server-sent events. The stream counts as live after its first event, because a proxy may open a stream
 * and buffer its events. The browser reconnects a broken stream with `Last-Event-ID`. It closes a refused stream for good
 * (WHATWG HTML, 9.2.3), so this function reopens refused and silent streams with backoff.
 *
 * @returns a function that stops following
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
