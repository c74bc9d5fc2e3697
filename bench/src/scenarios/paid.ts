import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench';
import type { Contestant } from '../contestant';
import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import { cpuTimes } from '../measure/processes';
import { reportProgress } from '../servers';
import { cpuPerOrder } from './declined';
import { clients, plenty } from './interleave';

/** Longer than a dispatch, which takes ten seconds. After this time, dispatches end at the rate at which they start. */
const warmUpMs = 10_500;
const durationMs = 6000;
/** If the last dispatches take longer than this, the contestant did not keep up. */
const dispatchDeadlineMs = 60_000;

/**
 * Measures paid orders, each dispatched in ten ticks. The contestant can sustain the measured rate, because the
 * measurement starts in a steady state.
 */
export async function paid({ start, results, scale }: Bench): Promise<void> {
  const own = [await start('store-file'), await start('store-postgres')];
  for (const contestant of [
    ...own,
    await start('dbos'),
    await start('dbos-step'),
    await start('bare-file'),
    await start('bare-postgres'),
  ]) {
    await contestant.restock(plenty);
    const figures = await measure(contestant, scale);
    results.add(contestant.name, figures);
    reportProgress(`paid: ${contestant.name} ${figures['paid.perSecond']?.toFixed(1)} a second`);
  }
}

async function measure(
  { name, shop, processes, countDispatching }: Contestant,
  scale: Bench['scale'],
): Promise<Record<string, number>> {
  const read = () => cpuTimes(processes());
  const loop = { clients, warmUpMs: scale(warmUpMs), durationMs: scale(durationMs), read };
  const rate = await closedLoop(loop, () => buy(shop, 'paid'));
  const stoppedAtMs = performance.now();
  while ((await countDispatching()) > 0) {
    if (performance.now() - stoppedAtMs > dispatchDeadlineMs) throw new Error(`${name} does not finish its dispatches`);
    await delay(100);
  }
  return {
    'paid.perSecond': rate.perSecond,
    'paid.lastDispatchedAfterMs': performance.now() - stoppedAtMs,
    ...cpuPerOrder('paid', rate),
  };
}
