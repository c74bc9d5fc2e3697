import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Bench } from '../bench';
import type { Contestant } from '../contestant';
import { closedLoop } from '../load/loops';
import { openCheckouts, postUntilOk } from '../load/open';
import { buy, newKey } from '../load/shop';
import { cpuBetween, cpuTimes, memoryMb } from '../measure/processes';
import { quantile, sum } from '../measure/statistics';
import { reportProgress } from '../servers';
import { clients, plenty } from './interleave';

/** The numbers of open checkouts, by the name of the number in measures. */
const sizes = { '1k': 1000, '10k': 10_000 };
const oldOrders = 100;
/** A store is idle again when it uses at most this much more CPU than before, in milliseconds per second. */
const idleToleranceMs = 20;
const idleDeadlineMs = 120_000;
const sampleMs = 1000;

/**
 * Measures stores in which thousands of checkouts wait for their payments: their CPU while nothing happens, their
 * memory, the rate of new orders, and how they recover after their programs were killed or replaced by a deployment.
 * This scenario leaves its checkouts open, so it has to be the last one.
 */
export async function waiting({ start, results, scale }: Bench): Promise<void> {
  for (const contestant of [await start('store-postgres'), await start('dbos')]) {
    await contestant.restock(plenty);
    const payments: string[] = [];
    for (const [size, count] of Object.entries(sizes)) {
      payments.push(...(await openCheckouts(contestant.shop, scale(count) - payments.length)));
      reportProgress(`waiting: ${contestant.name} has ${payments.length} open checkouts`);
      const figures = await measure(contestant, { payments, scale });
      results.add(contestant.name, withPrefix(`waiting.${size}.`, figures));
    }
  }
}

interface Open {
  /** The ids of the open checkouts' payments. The measurement takes away those that it declines. */
  payments: string[];
  scale: Bench['scale'];
}

async function measure(contestant: Contestant, { payments, scale }: Open): Promise<Record<string, number>> {
  const { shop, processes } = contestant;
  // Postgres and Temporal still finish work of the checkouts that were opened last.
  await delay(scale(5000));
  const idle = await idleCpu(contestant, scale(5000));
  const memory = memoryMb(processes());
  const loop = { clients, warmUpMs: scale(1500), durationMs: scale(5000) };
  const { perSecond } = await closedLoop(loop, () => buy(shop, 'failed'));
  const recovery = { idle, payments, oldOrders: scale(oldOrders) };
  const killed = await recover(contestant, 'SIGKILL', recovery);
  const deployed = await recover(contestant, 'SIGTERM', recovery);
  return {
    idleCpuMsPerSecond: idle,
    memoryMb: (memory['api'] ?? 0) + (memory['worker'] ?? 0),
    workerMb: memory['worker'] ?? 0,
    declinedPerSecond: perSecond,
    ...withPrefix('killed.', killed),
    ...withPrefix('deployed.', deployed),
  };
}

/** Ends the contestant's programs, and measures from that moment how long the store needs for what. */
async function recover(
  contestant: Contestant,
  signal: 'SIGKILL' | 'SIGTERM',
  { idle, payments, oldOrders: count }: { idle: number; payments: string[]; oldOrders: number },
): Promise<Record<string, number>> {
  const { name, shop, endPrograms } = contestant;
  const endedAtMs = performance.now();
  const since = (): number => performance.now() - endedAtMs;
  endPrograms(signal);
  const [checkoutMs, ...paidMs] = await Promise.all([
    postUntilOk(shop, `/checkout/${newKey()}`).then(since),
    ...payments.splice(0, count).map((id) => postUntilOk(shop, `/payment_webhook/${id}/failed`).then(since)),
  ]);
  const idleMs = await idleAgain(contestant, idle).then(since);
  reportProgress(`waiting: ${name} is idle ${Math.round(idleMs / 1000)} s after ${signal}`);
  return {
    newCheckoutMs: checkoutMs,
    firstOldPaymentMs: Math.min(...paidMs),
    p99OldPaymentMs: quantile(paidMs, 0.99),
    idleAgainMs: idleMs,
  };
}

async function idleAgain(contestant: Contestant, idle: number): Promise<void> {
  const lateAtMs = performance.now() + idleDeadlineMs;
  while ((await idleCpu(contestant, sampleMs)) > idle + idleToleranceMs) {
    if (performance.now() > lateAtMs) throw new Error(`${contestant.name} does not become idle again`);
  }
}

/**
 * Measures the milliseconds of CPU that all processes together use in a second. Infinite if a process was replaced
 * meanwhile.
 */
async function idleCpu({ processes }: Contestant, durationMs: number): Promise<number> {
  const measured = processes();
  const before = cpuTimes(measured);
  const startedAtMs = performance.now();
  await delay(durationMs);
  const used = sum(Object.values(cpuBetween(before, cpuTimes(measured))));
  const isSame = isDeepStrictEqual(measured, processes());
  return isSame ? used / ((performance.now() - startedAtMs) / 1000) : Number.POSITIVE_INFINITY;
}

function withPrefix(prefix: string, figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}${name}`, value]));
}
