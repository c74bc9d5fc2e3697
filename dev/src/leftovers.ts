import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Environment, signalGroup } from './childProcess';
import { runToEnd } from './runToEnd';
import type { StartedProcess } from './storeOptions';

const processSchema = z.object({ name: z.string(), pid: z.int().min(2), commandLine: z.string() });
const recordSchema = z.object({ owner: processSchema, processes: z.array(processSchema) });

const graceMs = 5_000;
const pollMs = 50;

export interface LeftoverOptions {
  dataDir: string;
  environment: Environment;
}

/** What runs on a data directory, written down for the next start in case this process is killed. */
export interface ProcessRecord {
  add(started: StartedProcess): void;
  /** Says that nothing runs any more. */
  clear(): void;
}

/**
 * Ends what a killed earlier run on this data directory has left running: exactly the processes that it recorded and that
 * still have the command line it recorded, because the system may have given their ids to others since.
 *
 * @returns the names of the processes that were ended
 * @throws Error when the earlier run is still alive
 */
export async function endLeftovers({ dataDir, environment }: LeftoverOptions): Promise<string[]> {
  const record = readRecord(dataDir);
  if (!record) return [];
  const { owner } = record;
  if (owner.pid !== process.pid && (await isRunning(owner, environment))) {
    throw new Error(`${dataDir} is in use by process ${owner.pid}: stop it, or set DATA_DIR and the ports to others`);
  }
  const ended = await Promise.all(
    record.processes.map(async (leftover) => {
      if (!(await isRunning(leftover, environment))) return [];
      await end(leftover, environment);
      return [leftover.name];
    }),
  );
  rmSync(recordPath(dataDir), { force: true });
  return ended.flat();
}

/** Starts a new record, which is written with the first process; the data directory is there by then. */
export async function recordProcesses({ dataDir, environment }: LeftoverOptions): Promise<ProcessRecord> {
  const commandLine = await commandLineOf(process.pid, environment);
  const owner = { name: 'dev', pid: process.pid, commandLine: commandLine ?? '' };
  const processes = new Map<string, StartedProcess>();
  const path = recordPath(dataDir);
  return {
    add(started) {
      // A restarted process takes the place of the one that died.
      processes.set(started.name, started);
      const text = JSON.stringify({ owner, processes: [...processes.values()] }, undefined, 2);
      try {
        writeFileSync(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      } catch {
        // A full disk must not end a running store; the record only matters if this process is killed.
      }
    },
    clear: () => rmSync(path, { force: true }),
  };
}

function recordPath(dataDir: string): string {
  return join(dataDir, 'processes.json');
}

/** A record that is missing or broken says nothing, so nothing is ended. */
function readRecord(dataDir: string): z.infer<typeof recordSchema> | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(recordPath(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

async function end(leftover: StartedProcess, environment: Environment): Promise<void> {
  // Postgres takes SIGINT as "end the sessions and shut down"; on SIGTERM it would wait for its clients.
  signalGroup(leftover.pid, 'SIGINT');
  signalGroup(leftover.pid, 'SIGCONT');
  const lateAtMs = performance.now() + graceMs;
  while (await isRunning(leftover, environment)) {
    if (performance.now() > lateAtMs) signalGroup(leftover.pid, 'SIGKILL');
    await delay(pollMs);
  }
}

async function isRunning({ pid, commandLine }: StartedProcess, environment: Environment): Promise<boolean> {
  return (await commandLineOf(pid, environment)) === commandLine;
}

/** As POSIX `ps` shows it, on Linux and macOS alike; `-ww` keeps it from being cut. Undefined when there is no process. */
async function commandLineOf(pid: number, environment: Environment): Promise<string | undefined> {
  const args = ['-ww', '-o', 'args=', '-p', String(pid)];
  const ps = runToEnd({ name: 'ps', command: 'ps', args, env: environment, deadlineMs: 10_000 });
  const lines = await ps.catch(() => []);
  return lines[0]?.trim();
}
