import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@widget-store/runtime';

export interface UpkeepOptions {
  /** The time between the end of a check and the next check, in milliseconds. */
  everyMs: number;
  stop: AbortSignal;
  log: Pick<Logger, 'error'>;
}

/**
 * Repeats a check of something that people can change in Temporal, until `stop` is aborted. If a check fails several
 * times in a row with the same message, logs that failure only once.
 */
export async function keepUp(check: () => Promise<void>, { everyMs, stop, log }: UpkeepOptions): Promise<void> {
  let logged = '';
  for (;;) {
    await delay(everyMs, undefined, { signal: stop }).catch(() => {});
    if (stop.aborted) return;
    try {
      await check();
      logged = '';
    } catch (error) {
      const message = String(error);
      if (!stop.aborted && message !== logged) log.error({ err: error }, 'a check of Temporal failed; trying again');
      logged = message;
    }
  }
}
