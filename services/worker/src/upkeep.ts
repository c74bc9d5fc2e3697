import { type Logger, pause } from '@widget-store/runtime';

export interface UpkeepOptions {
  /** The time between the end of a run of the task and the next run, in milliseconds. */
  everyMs: number;
  stop: AbortSignal;
  log: Pick<Logger, 'error'>;
}

/**
 * Repeats a task until `stop` is aborted. For example, a task checks the Schedule in Temporal, which people can change.
 * If the task fails several times in a row with the same message, logs that failure only once.
 */
export async function keepUp(task: () => Promise<void>, { everyMs, stop, log }: UpkeepOptions): Promise<void> {
  let logged = '';
  for (;;) {
    await pause(everyMs, stop);
    if (stop.aborted) return;
    try {
      await task();
      logged = '';
    } catch (error) {
      const message = String(error);
      if (!stop.aborted && message !== logged) log.error({ err: error }, 'a periodic task failed; trying again');
      logged = message;
    }
  }
}
