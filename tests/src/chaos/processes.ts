import { readdirSync, readFileSync } from 'node:fs';

interface ProcessState {
  pid: number;
  parentPid: number;
  /** One letter, as `ps` shows it: T is stopped by a signal. */
  state: string;
}

/** A process and everything that it has started, as Linux shows it in `/proc`: Postgres works in children. */
export function familyOf(pid: number): ProcessState[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => stateOf(Number(name)));
  const family = all.filter((process) => process.pid === pid);
  for (let index = 0; index < family.length; index++) {
    family.push(...all.filter(({ parentPid }) => parentPid === family[index]?.pid));
  }
  return family;
}

/** @returns nothing when the process has ended meanwhile */
function stateOf(pid: number): ProcessState[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything, a bracket included.
    const [state = '?', parentPid = '0'] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parentPid: Number(parentPid), state }];
  } catch {
    return [];
  }
}

/** Sends a signal to each process of a list that is still there. */
export function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // ESRCH: it has ended meanwhile.
    }
  }
}
