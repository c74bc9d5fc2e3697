import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import type { MemberName, Stage } from '../stage';
import type { Effect, Fault, FaultPlanOptions } from './fault';

const tenMinutesMs = 10 * 60_000;
const toleranceMs = 5000;

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
  { clockFileOf, members }: Stage,
  { name, shiftMs, holdMs }: { name: MemberName; shiftMs: number; holdMs: number },
): Promise<Effect> {
  const file = clockFileOf(name);
  // A process that restarts during the fault reads the file when it starts.
  const isOff = (byMs: number): Promise<Seen> =>
    eventually(
      () => readSeen(`${file}.seen`),
      ({ offMs }) => Math.abs(offMs - byMs) < toleranceMs,
    );
  writeFileSync(file, String(shiftMs));
  try {
    const { pid, offMs } = await isOff(shiftMs);
    await delay(holdMs);
    const proof = `process ${pid} (${name} is ${members[name].pid}) saw a time that was ${Math.round(offMs / 1000)} s off`;
    return { proof, undoneMs: Date.now() };
  } finally {
    rmSync(file, { force: true });
  }
}

interface Seen {
  pid: number;
  offMs: number;
}

/**
 * The process writes its id and its own time into the file. The difference between that time and the file's
 * modification time is the shift of its clock.
 */
function readSeen(file: string): Seen {
  const [pid, time = ''] = readFileSync(file, 'utf8').split(' ');
  return { pid: Number(pid), offMs: Date.parse(time) - statSync(file).mtimeMs };
}
