import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from './childProcess';
import { runToEnd } from './runToEnd';
import type { StartedProcess } from './storeOptions';

const processSchema = z.object({ name: z.string(), pid: z.int().min(2), commandLine: z.string() });
const recordSchema = z.object({ owner: processSchema, processes: z.array(processSchema) });

/** The `make dev` that runs on a data directory, and the processes that it has started. */
type ProcessRecord = z.infer<typeof recordSchema>;

export interface DataDir {
  dataDir: string;
  /** The environment's `PATH` must contain the directory of `ps`. */
  environment: Environment;
}

/** @throws Error if another `make dev` runs on the data directory */
export async function assertNotInUse({ dataDir, environment }: DataDir): Promise<void> {
  const owner = readRecord(dataDir)?.owner;
  if (owner === undefined || owner.pid === process.pid || !(await isRunning(owner, environment))) return;
  throw new Error(
    `${dataDir} is in use by process ${owner.pid}: stop that process, or set another DATA_DIR and other ports`,
  );
}

/** @returns undefined if the record is missing or damaged */
export function readRecord(dataDir: string): ProcessRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(recordPath(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

export function removeRecord(dataDir: string): void {
  rmSync(recordPath(dataDir), { force: true });
}

/**
 * @returns a function that records a started process. The data directory must exist when that function is first called.
 */
export async function recordProcesses({ dataDir, environment }: DataDir): Promise<(started: StartedProcess) => void> {
  const commandLine = await commandLineOf(process.pid, environment);
  const owner = { name: 'dev', pid: process.pid, commandLine: commandLine ?? '' };
  const processes = new Map<string, StartedProcess>();
  const path = recordPath(dataDir);
  return (started) => {
    // A restarted process replaces the dead process of the same name.
    processes.set(started.name, started);
    const text = JSON.stringify({ owner, processes: [...processes.values()] }, undefined, 2);
    try {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    } catch {
      // A full disk must not end a running store, and the store itself does not need the record.
    }
  };
}

/**
 * Whether the process still runs. Also compares the command line, because the system reuses the ids of dead processes.
 */
export async function isRunning({ pid, commandLine }: StartedProcess, environment: Environment): Promise<boolean> {
  return (await commandLineOf(pid, environment)) === commandLine;
}

/**
 * Returns the command line as `ps` shows it on Linux and macOS. Because of `-ww`, the line is not cut off.
 * Returns undefined if there is no such process.
 */
async function commandLineOf(pid: number, environment: Environment): Promise<string | undefined> {
  const args = ['-ww', '-o', 'args=', '-p', String(pid)];
  const ps = runToEnd({ name: 'ps', command: 'ps', args, env: environment, deadlineMs: 10_000 });
  const lines = await ps.catch(() => []);
  return lines[0]?.trim();
}

function recordPath(dataDir: string): string {
  return join(dataDir, 'processes.json');
}
