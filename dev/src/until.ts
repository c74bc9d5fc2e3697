import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 20;
const deadlineMs = 10_000;

/** Waits for a state, and fails a test in which it does not come. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const lateAtMs = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > lateAtMs) throw new Error(`the state did not come within ${deadlineMs / 1000} s`);
    await delay(pollMs);
  }
}
