import { setTimeout as delay } from 'node:timers/promises';
import { closedLoop, openLoop, type Rate } from '../load/loops';
import { buy, type Purchase } from '../load/shop';
import { cpuBetween, type CpuTimes, cpuTimes } from '../measure/processes';
import { median, quantile, sum } from '../measure/statistics';
import type { Running } from '../stores';
import { clients, type Field, inTurns, present } from './scenario';

const rounds = 3;
const plenty = 1_000_000;

/** A checkout whose payment is declined: the whole way of an order but its dispatch, and the stock comes back. */
export async function declined(field: Field): Promise<void> {
  const all = present(field, [
    'store-file',
    'store-postgres',
    'store-grown',
    'dbos',
    'bare-file',
    'bare-postgres',
    'plain',
  ]);
  for (const one of all) await one.stock(plenty);
  await measureIdle(field, all);
  await inTurns(all, rounds, async (contestant) => {
    const loop = { clients, leadInMs: field.scale(1500), durationMs: field.scale(5000) };
    const read = () => cpuTimes(contestant.processes());
    const rate = await closedLoop({ ...loop, read }, () => buy(contestant.shop, 'failed'));
    const { perSecond } = rate;
    field.results.add(contestant.name, { 'declined.perSecond': perSecond, ...cpuOfEach('declined', rate) });
    field.tell(`declined: ${contestant.name} ${perSecond.toFixed(1)} a second`);
  });
}

/** What the processes of each use while nobody buys. Servers have it from all who share them, and no figure is less it. */
async function measureIdle(field: Field, all: Running[]): Promise<void> {
  const seconds = field.scale(3000) / 1000;
  const before = all.map((contestant) => cpuTimes(contestant.processes()));
  await delay(seconds * 1000);
  for (const [index, contestant] of all.entries()) {
    const used = cpuBetween(before[index] ?? {}, cpuTimes(contestant.processes()));
    field.results.add(contestant.name, ofEach('idle', used, seconds));
  }
}

/** How long one order takes on an idle store, and the slowest ones at half of the highest rate. */
export async function latency(field: Field): Promise<void> {
  const all = present(field, ['store-file', 'store-postgres', 'store-grown', 'dbos', 'plain']);
  await inTurns(all, rounds, async (contestant) => {
    const purchases = await oneAfterTheOther(contestant, field.scale(3000));
    field.results.add(contestant.name, {
      'alone.checkoutMs': median(purchases.map(({ checkoutMs }) => checkoutMs)),
      'alone.webhookMs': median(purchases.map(({ webhookMs }) => webhookMs)),
    });
  });
  for (const contestant of present(field, ['store-file', 'store-postgres', 'dbos'])) {
    const highest = field.results.of(contestant.name, 'declined.perSecond') ?? 20;
    const load = { perSecond: highest / 2, durationMs: field.scale(12_000) };
    const times = await openLoop(load, () => buy(contestant.shop, 'failed'));
    field.results.add(contestant.name, {
      'halfLoad.p50Ms': median(times),
      'halfLoad.p99Ms': quantile(times, 0.99),
    });
  }
}

async function oneAfterTheOther({ shop }: Running, durationMs: number): Promise<Purchase[]> {
  const purchases: Purchase[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end || purchases.length === 0) purchases.push(await buy(shop, 'failed'));
  return purchases;
}

/** Milliseconds of CPU an order, of each process and of all. */
export function cpuOfEach(
  scenario: string,
  { before = {}, after = {}, done: orders }: Rate<CpuTimes>,
): Record<string, number> {
  const used = cpuBetween(before, after);
  return { [`${scenario}.cpuMs`]: sum(Object.values(used)) / orders, ...ofEach(scenario, used, orders) };
}

/** @param per orders, or seconds */
function ofEach(scenario: string, used: CpuTimes, per: number): Record<string, number> {
  return Object.fromEntries(Object.entries(used).map(([process, ms]) => [`${scenario}.cpuMs.${process}`, ms / per]));
}
