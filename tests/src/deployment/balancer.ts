import { setTimeout as delay } from 'node:timers/promises';

const probeEveryMs = 100;
const probeDeadlineMs = 2000;

/** A load balancer that polls the readiness of its servers. */
export interface Balancer {
  /** The addresses of the ready servers. The balancer updates this array in place. */
  readonly urls: string[];
  close(): Promise<void>;
}

/** @param urls the base addresses of the servers; the balancer treats each server as ready until a probe fails */
export function startBalancer(urls: string[]): Balancer {
  const ready = new Set(urls);
  const inTurn = [...urls];
  const over = new AbortController();
  const watch = async (url: string): Promise<void> => {
    while (!over.signal.aborted) {
      if (await isReady(url)) ready.add(url);
      else ready.delete(url);
      inTurn.splice(0, inTurn.length, ...ready);
      await delay(probeEveryMs);
    }
  };
  const watching = urls.map(watch);
  return {
    urls: inTurn,
    close: async () => {
      over.abort();
      await Promise.all(watching);
    },
  };
}

/** Returns false if the server is not ready, refuses the connection or does not answer in time. */
async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(probeDeadlineMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
