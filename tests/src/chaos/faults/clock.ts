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
  // If the process restarts meanwhile, the new process also shifts its clock and writes its own id. So any process id
  // is accepted.
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
 * Reads the file into which the process has written its id and the time of its shifted clock. The modification time of
 * the file comes from the real clock, so the difference between the two times is the shift.
 */
function readSeen(file: string): Seen {
  const [pid, time = ''] = readFileSync(file, 'utf8').split(' ');
  return { pid: Number(pid), offMs: Date.parse(time) - statSync(file).mtimeMs };
}
