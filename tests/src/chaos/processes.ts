import { readdirSync, readFileSync } from 'node:fs';

interface ProcessState {
  pid: number;
  parentPid: number;
  /** The letter that `ps` shows for the state. T means that a signal has stopped the process. */
  state: string;
}

/** Returns a process and its descendants from Linux's `/proc`. Postgres does its work in child processes. */
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

/** @returns an empty list if the process has ended */
function stateOf(pid: number): ProcessState[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program is in parentheses and may itself contain parentheses.
    const [state = '?', parentPid = '0'] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parentPid: Number(parentPid), state }];
  } catch {
    return [];
  }
}

export function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // ESRCH: the process has ended.
    }
  }
}
