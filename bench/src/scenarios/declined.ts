import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench';
import type { Contestant } from '../contestant';
import { closedLoop, openLoop, type Rate } from '../load/loops';
import { buy, type Purchase } from '../load/shop';
import { cpuBetween, type CpuTimes, cpuTimes } from '../measure/processes';
import { median, quantile, sum } from '../measure/statistics';
import { reportProgress } from '../servers';
import { clients, interleave, plenty } from './interleave';

const rounds = 3;

/** Measures checkouts whose payment is declined. Such an order is not dispatched, and its stock is released. */
export async function declined({ start, results, scale }: Bench): Promise<void> {
  const own = [await start('store-file'), await start('store-postgres'), await start('store-grown')];
  const all = [
    ...own,
    await start('dbos'),
    await start('bare-file'),
    await start('bare-postgres'),
    await start('plain'),
  ];
  for (const one of all) await one.restock(plenty);
  await measureIdle(all, { results, scale });
  await interleave(all, rounds, async ({ name, shop, processes }) => {
    const loop = { clients, warmUpMs: scale(1500), durationMs: scale(4000), read: () => cpuTimes(processes()) };
    const rate = await closedLoop(loop, () => buy(shop, 'failed'));
    results.add(name, { 'declined.perSecond': rate.perSecond, ...cpuPerOrder('declined', rate) });
    reportProgress(`declined: ${name} ${rate.perSecond.toFixed(1)} a second`);
  });
}

/**
 * Measures the CPU that processes use while nobody buys. If several contestants share a server, the server's figure
 * covers all of them. Other measurements do not subtract this CPU from their figures.
 */
async function measureIdle(all: Contestant[], { results, scale }: Pick<Bench, 'results' | 'scale'>): Promise<void> {
  const seconds = scale(3000) / 1000;
  const before = all.map(({ processes }) => cpuTimes(processes()));
  await delay(seconds * 1000);
  for (const [index, { name, processes }] of all.entries()) {
    const used = cpuBetween(before[index] ?? {}, cpuTimes(processes()));
    results.add(name, cpuPer(seconds, 'idle', used));
  }
}

/** Measures how long an order takes on an idle store, and at half of the highest rate (median and 99th percentile). */
export async function latency({ start, results, scale }: Bench): Promise<void> {
  const loaded = [await start('store-file'), await start('store-postgres'), await start('dbos')];
  await interleave([...loaded, await start('store-grown'), await start('plain')], rounds, async ({ name, shop }) => {
    const purchases = await buyOneByOne(shop, scale(3000));
    results.add(name, {
      'alone.checkoutMs': median(purchases.map(({ checkoutMs }) => checkoutMs)),
      'alone.webhookMs': median(purchases.map(({ webhookMs }) => webhookMs)),
    });
  });
  for (const { name, shop } of loaded) {
    const highest = results.of(name, 'declined.perSecond') ?? 20;
    const times = await openLoop({ perSecond: highest / 2, durationMs: scale(8000) }, () => buy(shop, 'failed'));
    results.add(name, { 'halfLoad.p50Ms': median(times), 'halfLoad.p99Ms': quantile(times, 0.99) });
  }
}

async function buyOneByOne(shop: Contestant['shop'], durationMs: number): Promise<Purchase[]> {
  const purchases: Purchase[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end || purchases.length === 0) purchases.push(await buy(shop, 'failed'));
  return purchases;
}

/** Returns the milliseconds of CPU that an order uses, in all processes together and in each process. */
export function cpuPerOrder(
  scenario: string,
  { before = {}, after = {}, done: orders }: Rate<CpuTimes>,
): Record<string, number> {
  const used = cpuBetween(before, after);
  return { [`${scenario}.cpuMs`]: sum(Object.values(used)) / orders, ...cpuPer(orders, scenario, used) };
}

/** @param per the number of orders or seconds to divide by */
function cpuPer(per: number, scenario: string, used: CpuTimes): Record<string, number> {
  return Object.fromEntries(Object.entries(used).map(([process, ms]) => [`${scenario}.cpuMs.${process}`, ms / per]));
}
