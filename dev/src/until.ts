import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 20;
const deadlineMs = 10_000;

/** Waits until the condition holds. Fails the test if it does not hold before the deadline. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const lateAtMs = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > lateAtMs) throw new Error(`the condition did not hold within ${deadlineMs / 1000} s`);
    await delay(pollMs);
  }
}
