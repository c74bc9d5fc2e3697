import { setMaxListeners } from 'node:events';
import type { ClaimedEvent, EventResult, Store } from '@widget-store/db';
import { backoffMs, type Logger, pause } from '@widget-store/runtime';
import type { EventPoster } from './post';

export interface EventSenderOptions {
  store: Pick<Store, 'claimEvents' | 'renewEventReceiver' | 'settleEvents'>;
  poster: EventPoster;
  /** SHA-256 of the receiver's address. */
  urlDigest: string;
  log: Pick<Logger, 'info' | 'debug' | 'warn' | 'error'>;
  /** Called after each attempt. */
  onAttempt: (outcome: EventResult['outcome']) => void;
  /** If this signal is aborted, the sender stops. */
  stop: AbortSignal;
  /** The longest pause between two reads of the due events, in milliseconds. */
  pollMs?: number;
  /** The time after which another process can claim the same event. Must exceed the deadline of a request. */
  leaseMs?: number;
}

/** The maximum number of requests that a worker sends to the receiver at the same time. */
export const maxConcurrentEvents = 20;
const renewEveryMs = 60_000;
const stopGraceMs = 2000;
const backoff = { firstMs: 1000, longestMs: 10 * 60_000 };

/**
 * Sends the outgoing events until `stop` is aborted. Several workers share the events. The sender uses at most one
 * database connection at a time, and leaves the other connections to the orders.
 *
 * @returns a promise that resolves when the last attempts have ended. If Postgres answers, their results are recorded
 * by then
 */
export async function sendEvents(options: EventSenderOptions): Promise<void> {
  const { store, poster, urlDigest, log, onAttempt, stop, pollMs = 1000, leaseMs = 30_000 } = options;
  const interrupted = new AbortController();
  // Each running request listens to the signal. By default, Node warns about more than ten listeners.
  setMaxListeners(0, interrupted.signal);
  const running = new Set<Promise<void>>();
  let finished: EventResult[] = [];
  let renewAtMs = performance.now() + renewEveryMs;
  // `wake` ends the pause between two steps when an attempt has ended, or when `stop` is aborted. `AbortSignal.any`
  // would leak memory in Node 20 at each pause.
  let wake = new AbortController();
  stop.addEventListener('abort', () => wake.abort());

  const attempt = async (event: ClaimedEvent): Promise<void> => {
    const made = await poster.post(event, interrupted.signal);
    onAttempt(made.outcome);
    const { eventId, orderId, type, attempts } = event;
    // Only the first refusal of an event is logged at the level info, so that a long outage of the receiver does not
    // fill the log.
    const level = made.outcome !== 'refused' || attempts === 1 ? 'info' : 'debug';
    log[level]({ eventId, orderId, type, attempts, result: made.result }, `an event is ${made.outcome}`);
    const retryMs = Math.round(
      backoffMs(attempts, { ...backoff, retryAfterMs: made.retryAfterMs, random: Math.random() }),
    );
    finished.push({ eventId, attempts, outcome: made.outcome, result: made.result, retryMs });
    wake.abort();
  };
  const start = (event: ClaimedEvent): void => {
    const attempting = attempt(event).finally(() => running.delete(attempting));
    running.add(attempting);
  };
  const settle = async (): Promise<void> => {
    const count = finished.length;
    if (count === 0) return;
    const failed = await store.settleEvents({ urlDigest, results: finished.slice(0, count) });
    finished = finished.slice(count);
    for (const eventId of failed) log.error({ eventId }, 'an event has failed and needs an operator');
  };
  /** @returns whether the next step follows without a pause */
  const step = async (): Promise<boolean> => {
    await settle();
    if (performance.now() > renewAtMs) {
      await store.renewEventReceiver({ urlDigest });
      renewAtMs = performance.now() + renewEveryMs;
    }
    const limit = maxConcurrentEvents - running.size;
    if (limit === 0) return false;
    const { events, isFull } = await store.claimEvents({ urlDigest, limit, leaseMs });
    for (const event of events) start(event);
    return isFull && running.size < maxConcurrentEvents;
  };

  let isFailing = false;
  while (!stop.aborted) {
    wake = new AbortController();
    try {
      if (!(await step())) await pause(pollMs, wake.signal);
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.warn({ err: error }, 'the outgoing events cannot be read or recorded; trying again');
      isFailing = true;
      await pause(pollMs, stop);
    }
  }
  const giveUp = setTimeout(() => interrupted.abort(), stopGraceMs);
  await Promise.all(running);
  clearTimeout(giveUp);
  // If this call fails, another process sends the events again when their leases end.
  await settle().catch(() => {});
  poster.close();
}
