import { setTimeout as delay } from 'node:timers/promises';
import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import { cpuTimes } from '../measure/processes';
import type { Running } from '../stores';
import { cpuOfEach } from './declined';
import { clients, type Field, present } from './scenario';

const plenty = 1_000_000;
/** Until as many dispatches run beside the checkouts as ever will: each takes ten seconds. */
const untilSteadyMs = 10_500;
const steadyMs = 6000;
/** A dispatch takes 10 s; whoever needs longer was not keeping up. */
const dispatchDeadlineMs = 60_000;

/** Orders that are paid, each dispatched in ten ticks: a rate counts that goes on for ever, not one that piles work up. */
export async function paid(field: Field): Promise<void> {
  const all = present(field, ['store-file', 'store-postgres', 'dbos', 'dbos-step', 'bare-file', 'bare-postgres']);
  for (const one of all) await one.stock(plenty);
  for (const contestant of all) {
    const figures = await measureSteadily(contestant, field);
    field.results.add(contestant.name, figures);
    field.tell(`paid: ${contestant.name} ${figures['paid.perSecond']?.toFixed(1)} a second`);
  }
}

async function measureSteadily(contestant: Running, field: Field): Promise<Record<string, number>> {
  const loop = { clients, leadInMs: field.scale(untilSteadyMs), durationMs: field.scale(steadyMs) };
  const read = () => cpuTimes(contestant.processes());
  const rate = await closedLoop({ ...loop, read }, () => buy(contestant.shop, 'paid'));
  const stoppedMs = performance.now();
  while ((await contestant.countDispatching()) > 0) {
    if (performance.now() - stoppedMs > dispatchDeadlineMs) throw new Error(`${contestant.name} does not dispatch`);
    await delay(100);
  }
  return {
    'paid.perSecond': rate.perSecond,
    'paid.lastDispatchedAfterMs': performance.now() - stoppedMs,
    ...cpuOfEach('paid', rate),
  };
}
