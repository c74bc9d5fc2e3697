import { readdirSync, readFileSync } from 'node:fs';

/** The milliseconds of CPU time that processes have used since their start, by name. */
export type CpuTimes = Record<string, number>;

/** The ids of the processes that run each program, by the name of the program. */
export type ProcessIds = Record<string, number[]>;

/** A clock tick is 10 ms on every Linux that Node runs on (USER_HZ in time(7)). */
const tickMs = 10;

/** Positions of fields in /proc/[pid]/stat, counted from the field after the program's name (proc(5)). */
const fields = { parent: 1, userTime: 11, systemTime: 12, userTimeOfEnded: 13, systemTimeOfEnded: 14 };

/**
 * Returns the CPU time that each process and its descendants have used. Descendants that have ended are included if
 * their parent has waited for them (`wait(2)`).
 */
export function cpuTimes(processes: ProcessIds): CpuTimes {
  const all = readAll();
  return byName(processes, (pid) => {
    const own = all.get(pid);
    if (own === undefined) return 0;
    return (own.ticks + own.ticksOfEnded) * tickMs;
  });
}

export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  return Object.fromEntries(Object.entries(after).map(([name, used]) => [name, used - (before[name] ?? 0)]));
}

/**
 * Returns the resident memory in MB. Memory that several processes share, such as Postgres's buffers, is counted only
 * once (proportional set size).
 */
export function memoryMb(processes: ProcessIds): Record<string, number> {
  return byName(processes, (pid) => {
    const found = /^Pss:\s+(\d+)/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`));
    return Number(found?.[1] ?? 0) / 1024;
  });
}

function byName(processes: ProcessIds, measure: (pid: number) => number): Record<string, number> {
  const children = childrenOf(readAll());
  const family = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(family)];
  return Object.fromEntries(
    Object.entries(processes).map(([name, pids]) => [
      name,
      pids.flatMap(family).reduce((total, pid) => total + measure(pid), 0),
    ]),
  );
}

interface Stat {
  parent: number;
  ticks: number;
  ticksOfEnded: number;
}

function readAll(): Map<number, Stat> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid) => {
      const text = readOrEmpty(`/proc/${pid}/stat`);
      // The program's name is in parentheses and may itself contain spaces and parentheses.
      const values = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const at = (field: number): number => Number(values[field]);
      if (text === '') return [];
      const ticks = at(fields.userTime) + at(fields.systemTime);
      const ticksOfEnded = at(fields.userTimeOfEnded) + at(fields.systemTimeOfEnded);
      return [[Number(pid), { parent: at(fields.parent), ticks, ticksOfEnded }]];
    }),
  );
}

function childrenOf(all: Map<number, Stat>): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const [pid, { parent }] of all) children.set(parent, [...(children.get(parent) ?? []), pid]);
  return children;
}

/** Returns '' if the file is gone, because a process may have ended since it was listed. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
