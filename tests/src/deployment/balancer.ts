import { setTimeout as delay } from 'node:timers/promises';

const probeEveryMs = 100;
const probeDeadlineMs = 2000;

/** What a load balancer knows of its servers by asking each for its readiness. */
export interface Balancer {
  /** Of the servers that are ready; always the same array. */
  readonly urls: string[];
  close(): Promise<void>;
}

/** @param urls base addresses; all of them count as ready until they say otherwise */
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

/** A connection that is refused or cut says no, too. */
async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(probeDeadlineMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
