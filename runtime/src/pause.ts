import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after this time, or as soon as `signal` is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {});
}
