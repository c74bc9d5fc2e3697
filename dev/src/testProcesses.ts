import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 20;

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits for a state, and fails when it has not come by the deadline. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  { deadlineMs }: { deadlineMs: number } = { deadlineMs: 10_000 },
): Promise<void> {
  const lateAtMs = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > lateAtMs) throw new Error(`the state did not come within ${deadlineMs / 1000} s`);
    await delay(pollMs);
  }
}
