import { heartbeat } from '@temporalio/activity';

/** Each heartbeat costs Temporal a write, so work that succeeds within this time sends no heartbeat. */
const intervalMs = 400;

/**
 * Sends heartbeats while the work lasts. If the worker dies, the heartbeats stop. Temporal then starts the next attempt
 * after the heartbeat timeout, and not after the much longer start-to-close timeout.
 *
 * @param details what the attempt waits for. The Temporal Web UI shows this text, and the failure of a timeout contains
 * it
 */
export async function withHeartbeats<T>(details: string, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(details), intervalMs);
  try {
    return await work();
  } catch (error) {
    // The next attempt can time out before a worker gets it. The failure of the activity then still tells what this
    // attempt waited for.
    heartbeat(details);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
