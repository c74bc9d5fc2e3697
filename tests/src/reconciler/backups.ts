import { execFile } from 'node:child_process';
import { readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SupervisedProcess } from '@widget-store/dev';
import { eventually } from '../support/eventually';
import type { TestStore } from '../support/store/store';

const run = promisify(execFile);
const readyDeadlineMs = 60_000;

type Server = 'postgres' | 'temporal';
type Service = 'api' | 'worker';

/** Backups of a store with its own servers. `take`, `restore` and `lose` stop api and worker; `start` starts them. */
export interface Backups {
  /** Copies the files of a server. */
  take(server: Server): Promise<void>;
  /** Replaces the files of a server with the copy. */
  restore(server: Server): Promise<void>;
  /** Deletes the files of a server. */
  lose(server: Server): Promise<void>;
  start(...services: Service[]): Promise<void>;
}

export function backupsOf(store: TestStore): Backups {
  const { processes, dataDir, sql } = store;
  const copies = join(dataDir, 'copies');

  /**
   * Kills api and worker in the middle of their work, and shuts the server down cleanly. Restarts the server after
   * `work`.
   */
  async function whileStopped(server: Server, work: (files: string[]) => Promise<void>): Promise<void> {
    await Promise.all([processes.api.stop({ graceMs: 0 }), processes.worker.stop({ graceMs: 0 })]);
    const running = present(processes[server]);
    await running.stop();
    await work(await filesOf(server));
    running.start();
    await running.whenReady({ deadlineMs: readyDeadlineMs });
    // Waits until the test's own connections have reconnected.
    await eventually(
      () => sql`select 1`,
      () => true,
    );
  }

  /**
   * Returns the files of a server. Postgres has a directory, which can be a link. Temporal has a file and the file's
   * write-ahead log.
   */
  async function filesOf(server: Server): Promise<string[]> {
    if (server === 'postgres') return [await realpath(join(dataDir, 'postgres'))];
    const names = await readdir(dataDir);
    return names.filter((name) => name.startsWith('temporal.db')).map((name) => join(dataDir, name));
  }

  async function copy(from: string[], into: string): Promise<void> {
    await run('mkdir', ['-p', into]);
    // The copy keeps owner and mode, because Postgres checks them.
    await run('cp', ['-a', ...from, into]);
  }

  const remove = async (files: string[]): Promise<void> => {
    await Promise.all(files.map((file) => rm(file, { recursive: true })));
  };

  return {
    take: (server) => whileStopped(server, (files) => copy(files, join(copies, server))),
    restore: (server) =>
      whileStopped(server, async (files) => {
        const [first] = files;
        await remove(files);
        const copied = (await readdir(join(copies, server))).map((name) => join(copies, server, name));
        await copy(copied, join(present(first), '..'));
      }),
    lose: (server) => whileStopped(server, remove),
    start: async (...services) => {
      for (const service of services) processes[service].start();
      await Promise.all(services.map((service) => processes[service].whenReady({ deadlineMs: readyDeadlineMs })));
    },
  };
}

function present<T extends SupervisedProcess | string>(value: T | undefined): T {
  if (value === undefined) throw new Error('the store does not have its own server, or the server stores no files');
  return value;
}
