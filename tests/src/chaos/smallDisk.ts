import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SupervisedProcess } from '@widget-store/dev';

const run = promisify(execFile);
const readyDeadlineMs = 30_000;
const size = '768m';

/** A file system that only Postgres uses, so that a fault can fill it. */
export interface SmallDisk {
  /** Fills the file system, and returns the number of bytes that were written. */
  fill(): number;
  free(): Promise<void>;
  /** Removes the file system. Stop Postgres first. */
  unmount(): Promise<void>;
}

/**
 * Moves the data of a Postgres to a file system of limited size. Postgres is stopped while its data moves.
 *
 * @param options.dataDir the directory of the database cluster
 * @throws Error if this process is not allowed to mount a file system, for example outside Linux or in most containers
 */
export async function moveToSmallDisk(options: { postgres: SupervisedProcess; dataDir: string }): Promise<SmallDisk> {
  const { postgres, dataDir } = options;
  const { uid, gid } = await stat(dataDir);
  const aside = `${dataDir}.aside`;
  await postgres.stop();
  await rename(dataDir, aside);
  await mkdir(dataDir);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700,uid=${uid},gid=${gid}`, 'tmpfs', dataDir]);
    await run('cp', ['-a', `${aside}/.`, dataDir]);
    await rm(aside, { recursive: true });
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    await rename(aside, dataDir);
    throw error;
  } finally {
    postgres.start();
    await postgres.whenReady({ deadlineMs: readyDeadlineMs });
  }
  const ballast = join(dataDir, 'ballast');
  return {
    fill: () => fillUp(ballast),
    free: () => rm(ballast, { force: true }),
    unmount: async () => {
      await run('umount', [dataDir]);
    },
  };
}

function fillUp(ballast: string): number {
  const file = openSync(ballast, 'w');
  let written = 0;
  try {
    // Writes smaller and smaller pieces until no free block is left.
    for (let bytes = 2 ** 20; bytes >= 512; bytes /= 2) {
      const piece = Buffer.alloc(bytes);
      while (writesWhole(file, piece)) written += piece.length;
    }
  } finally {
    closeSync(file);
  }
  return written;
}

function writesWhole(file: number, piece: Buffer): boolean {
  try {
    return writeSync(file, piece) === piece.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
