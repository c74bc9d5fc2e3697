import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceName, serviceNames, type Stage } from '../chaos/stage';
import { scrape } from '../support/http/scrape';

/** The memory and the file descriptors of a process. Unknown values are NaN. */
export interface Resources {
  /** The time in milliseconds since the epoch. */
  atMs: number;
  name: ServiceName;
  pid: number;
  residentMb: number;
  /** The heap of the main thread. Only the resident memory includes the heaps of the workflow threads. */
  heapMb: number;
  /** The number of open file descriptors, including sockets. */
  descriptors: number;
}

export interface WatchOptions {
  stage: Pick<Stage, 'members' | 'metricsUrls'>;
  file: string;
  everyMs: number;
  stop: AbortSignal;
}

/** Polls apis and workers until `stop` is aborted, and writes a line for each process. */
export async function watchResources({ stage, file, everyMs, stop }: WatchOptions): Promise<void> {
  while (!stop.aborted) {
    const looks = await Promise.all(serviceNames.map((name) => lookAt(stage, name)));
    appendFileSync(file, looks.flatMap((look) => (look === undefined ? [] : [`${JSON.stringify(look)}\n`])).join(''));
    await delay(everyMs, undefined, { signal: stop }).catch(() => {});
  }
}

async function lookAt(
  { members, metricsUrls }: WatchOptions['stage'],
  name: ServiceName,
): Promise<Resources | undefined> {
  const { pid } = members[name];
  const resident = pid === undefined ? undefined : residentKb(pid);
  if (pid === undefined || resident === undefined) return undefined;
  const said = await scrape(metricsUrls[name]).catch(() => undefined);
  const heapBytes = said?.value('nodejs_heap_size_used_bytes') ?? Number.NaN;
  return {
    atMs: Date.now(),
    name,
    pid,
    residentMb: resident / 1024,
    heapMb: heapBytes / 1024 / 1024,
    descriptors: descriptorsOf(pid),
  };
}

function residentKb(pid: number): number | undefined {
  if (!existsSync('/proc/self/status'))
    throw new Error('memory and descriptors are read from /proc, which this machine does not have');
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // The process has ended.
    return undefined;
  }
}

function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return Number.NaN;
  }
}
