import { seededRandom } from '@widget-store/dev';
import { quantile, sum } from '../../measure/statistics';
import { arrive, exponentialMs } from './arrivals';
import { Clock } from './clock';
import { Queue } from './queue';

/** How long things waited for a lock or a process, and how much of its time that one was taken. */
export interface Waits {
  busyShare: number;
  meanMs: number;
  p99Ms: number;
}

interface CommitsOptions {
  seed: number;
  ordersPerSecond: number;
  /** All of them buy the one product. */
  paidShare: number;
  /** Of a statement that has the product's row, until its commit begins. */
  statementMs: number;
  /** Of a commit, until it is on disk. */
  commitMs: number;
  /** Without: of the ticks of a dispatch only the last one is told, which changes the order's status. */
  ticksNotify: boolean;
  seconds: number;
}

const thinkMs = 3000;
const ticks = 10;
const tickMs = 1000;
/** Until as many dispatches run as ever will. */
const untilSteadyMs = thinkMs * 3 + ticks * tickMs;

/**
 * The locks that transactions of the store have to themselves: the row of a product, from the statement to the end of the
 * commit, and NOTIFY's one lock, through the commit. A cancellation waits for the second while it has the first.
 */
export function simulateCommits(options: CommitsOptions): { row: Waits; notify: Waits } {
  const { ordersPerSecond, paidShare, statementMs, commitMs, ticksNotify, seconds } = options;
  const [random, clock] = [seededRandom(options.seed), new Clock()];
  const [row, notify] = [new Queue(clock), new Queue(clock)];
  const tick = (left: number): void => {
    if (ticksNotify || left === 1) notify.use(commitMs);
    if (left > 1) clock.after(tickMs, () => tick(left - 1));
  };
  const cancel = (): void =>
    row.acquire(() => {
      const heldFromMs = clock.nowMs;
      clock.after(statementMs, () => notify.use(commitMs, () => row.release(clock.nowMs - heldFromMs)));
    });
  const pay = (): void => notify.use(commitMs, () => clock.after(tickMs, () => tick(ticks)));
  arrive(clock, { random, perSecond: ordersPerSecond }, () => {
    const isPaid = random.next() < paidShare;
    row.use(statementMs + commitMs, () => clock.after(exponentialMs(random, thinkMs), isPaid ? pay : cancel));
  });
  clock.runUntil(untilSteadyMs);
  row.forget();
  notify.forget();
  clock.runUntil(untilSteadyMs + seconds * 1000);
  return { row: waitsOf([row]), notify: waitsOf([notify]) };
}

interface ShardsOptions {
  seed: number;
  shards: number;
  runsPerSecond: number;
  writesARun: number;
  writeMs: number;
  seconds: number;
}

/** From one write of a run to its next one, while a worker or the api does its part. */
const betweenWritesMs = 10;

/** Runs are thrown at shards as a hash of their id throws them; all writes of a run meet in its shard. */
export function simulateShards(options: ShardsOptions): Waits & { busiest: Waits } {
  const { shards, runsPerSecond, writesARun, writeMs, seconds } = options;
  const [random, clock] = [seededRandom(options.seed), new Clock()];
  const queues = Array.from({ length: shards }, () => new Queue(clock));
  const write = (queue: Queue, left: number): void =>
    queue.use(writeMs, () => {
      if (left > 1) clock.after(exponentialMs(random, betweenWritesMs), () => write(queue, left - 1));
    });
  arrive(clock, { random, perSecond: runsPerSecond }, () => {
    const queue = queues[random.between(0, shards - 1)];
    if (queue !== undefined) write(queue, writesARun);
  });
  const untilAsManyAsEverMs = writesARun * (betweenWritesMs + writeMs) * 2;
  clock.runUntil(untilAsManyAsEverMs);
  for (const queue of queues) queue.forget();
  clock.runUntil(untilAsManyAsEverMs + seconds * 1000);
  const [busiest = new Queue(clock)] = queues.toSorted((one, other) => other.busyShare() - one.busyShare());
  return { ...waitsOf(queues), busiest: waitsOf([busiest]) };
}

interface WorkersOptions {
  seed: number;
  workers: number;
  tasksPerSecond: number;
  /** Of CPU, on average; a task takes the whole of a worker's thread. */
  taskMs: number;
  seconds: number;
}

/** Workers that poll one task queue: a task waits only while every one of them is busy. */
export function simulateWorkers({ seed, workers, tasksPerSecond, taskMs, seconds }: WorkersOptions): Waits {
  const [random, clock] = [seededRandom(seed), new Clock()];
  const queue = new Queue(clock, workers);
  arrive(clock, { random, perSecond: tasksPerSecond }, () => queue.use(exponentialMs(random, taskMs)));
  clock.runUntil(5000);
  queue.forget();
  clock.runUntil(5000 + seconds * 1000);
  return waitsOf([queue]);
}

function waitsOf(queues: Queue[]): Waits {
  const waitsMs = queues.flatMap((queue) => queue.waitsMs);
  return {
    busyShare: sum(queues.map((queue) => queue.busyShare())) / queues.length,
    meanMs: sum(waitsMs) / waitsMs.length,
    p99Ms: quantile(waitsMs, 0.99),
  };
}
