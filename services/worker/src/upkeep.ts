import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@widget-store/runtime';

export interface UpkeepOptions {
  /** Milliseconds between the end of one check and the next one. */
  everyMs: number;
  stop: AbortSignal;
  log: Pick<Logger, 'error'>;
}

/** Repeats a check of what others may have changed in Temporal, until the process stops. Logs a failure once, until it changes. */
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
