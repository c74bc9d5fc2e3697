import { retryDelayMs } from './retry.js';

/** The members of `EventSource` that `followOrder` uses. */
export type EventStream = Pick<EventSource, 'addEventListener' | 'close' | 'readyState'>;

interface FollowedOrder {
  orderId: string;
  /** Opens a stream, as `new EventSource` does. */
  open: (address: string) => EventStream;
  /** Receives the current order, and the whole order again after each change. @param data JSON */
  onOrder: (data: string) => void;
  /** Receives true when the stream starts to deliver events, and false when it stops. */
  onLive: (isLive: boolean) => void;
}

/** The value of `EventSource.CLOSED`. It is repeated here, because the tests have no `EventSource`. */
const closed = 2;
/** A stream without an event for this time is treated as broken. The api sends an event at least every 15 s. */
const silenceTimeoutMs = 40_000;

/**
 * Follows an order by server-sent events. Reports a stream as live only after its first event, because some proxies
 * open a stream but hold back its events. If a stream breaks, the browser reconnects and sends `Last-Event-ID`. If the
 * server refuses a stream, the browser does not try again (WHATWG HTML, 9.2.3). This function therefore reopens refused
 * and silent streams, with backoff.
 *
 * @returns a function that stops following
 */
export function followOrder({ orderId, open, onOrder, onLive }: FollowedOrder): () => void {
  let attempt = 0;
  let isLive = false;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;
  let reopenTimer: ReturnType<typeof setTimeout> | undefined;
  let stream = connect();

  function setLive(live: boolean): void {
    if (live !== isLive) onLive(live);
    isLive = live;
  }

  function recordEvent(): void {
    attempt = 0;
    setLive(true);
    restartSilenceTimer();
  }

  function restartSilenceTimer(): void {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(reopen, silenceTimeoutMs);
  }

  function reopen(): void {
    clearTimeout(silenceTimer);
    stream.close();
    setLive(false);
    const delayMs = retryDelayMs({ attempt, retryAfterMs: null, random: Math.random() });
    attempt += 1;
    reopenTimer = setTimeout(() => {
      stream = connect();
    }, delayMs);
  }

  function connect(): EventStream {
    const opened = open(`/order/${encodeURIComponent(orderId)}/events`);
    opened.addEventListener('beat', recordEvent);
    opened.addEventListener('order', (event) => {
      recordEvent();
      if (event instanceof MessageEvent) onOrder(String(event.data));
    });
    opened.addEventListener('error', () => {
      if (opened.readyState === closed) reopen();
      else setLive(false);
    });
    restartSilenceTimer();
    return opened;
  }

  return () => {
    clearTimeout(silenceTimer);
    clearTimeout(reopenTimer);
    stream.close();
    setLive(false);
  };
}
