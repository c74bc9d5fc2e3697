import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import type { Stage } from '../stage';
import type { Effect, Fault, FaultPlanOptions } from './fault';

const tenMinutesMs = 10 * 60_000;
/** A `Date` header counts whole seconds, and the answer takes a moment. */
const toleranceMs = 5000;

/** The clock of one process, ten minutes off for a while, in either direction. */
export function clockFaults({ random }: FaultPlanOptions): Fault[] {
  return (['api-1', 'api-2', 'worker-1', 'gateway'] as const).map((name) => {
    const shiftMs = random.pick([-tenMinutesMs, tenMinutesMs]);
    const holdMs = random.between(4000, 8000);
    return {
      family: 'clock',
      kind: `clock ${shiftMs > 0 ? 'ahead' : 'behind'}`,
      target: name,
      inflict: (stage) => shiftClock(stage, { name, shiftMs, holdMs }),
    };
  });
}

async function shiftClock(
  { clockFileOf, urlOf }: Stage,
  { name, shiftMs, holdMs }: { name: keyof Stage['urlOf']; shiftMs: number; holdMs: number },
): Promise<Effect> {
  const isOff = async (byMs: number): Promise<number> =>
    eventually(
      () => clockOffMs(urlOf[name]),
      (offMs) => Math.abs(offMs - byMs) < toleranceMs,
    );
  writeFileSync(clockFileOf(name), String(shiftMs));
  try {
    const offMs = await isOff(shiftMs);
    await delay(holdMs);
    return { proof: `the Date header of ${name} was ${Math.round(offMs / 1000)} s off`, undoneMs: Date.now() };
  } finally {
    rmSync(clockFileOf(name), { force: true });
    await isOff(0);
  }
}

/** Every HTTP server stamps its answers with its own time. */
async function clockOffMs(url: string): Promise<number> {
  const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(3000) });
  await answer.body?.cancel();
  return Date.parse(answer.headers.get('Date') ?? '') - Date.now();
}
