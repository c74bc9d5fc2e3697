import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of lines. Lines are appended and never changed. */
export interface Journal {
  /** The lines that were on disk at the start, oldest first. */
  lines: string[];
  /** @param line the text of a line, without its line break */
  append(line: string): void;
  /**
   * Resolves when every line that was appended so far is on disk.
   *
   * @throws the error of a failed write. The journal then accepts no more lines.
   */
  synced(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalOptions {
  /** The journal's directory, which is created if it is missing. */
  directory: string;
  /**
   * Called once, when a line cannot be written. From then on, the caller has changes in memory that are not on disk.
   */
  onFailure: (error: unknown) => void;
}

const fileName = 'journal.jsonl';

/**
 * Opens the journal of a directory. If a process was killed during a write, the last line may be incomplete and have no
 * line break. `synced` has not resolved for such a line, so nobody relies on it and it is cut off.
 */
export async function openJournal({ directory, onFailure }: JournalOptions): Promise<Journal> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, fileName);
  const file = await open(path, 'a', 0o600);
  const bytes = await readFile(path);
  const wholeLength = bytes.lastIndexOf(0x0a) + 1;
  if (wholeLength < bytes.length) await file.truncate(wholeLength);
  await file.sync();
  await syncDirectory(directory);
  const text = bytes.subarray(0, wholeLength).toString('utf8');

  let queued: string[] = [];
  let tail = Promise.resolve();
  /** Writes and syncs all queued lines. Lines that are appended during a write share the next write. */
  const flush = async (): Promise<void> => {
    const batch = queued.join('');
    queued = [];
    await file.appendFile(batch);
    await file.datasync();
  };
  const append = (line: string): void => {
    queued.push(`${line}\n`);
    if (queued.length > 1) return;
    // After a failed write, every later write is rejected too, so that the file has no gap.
    const before = tail;
    const write = before.then(flush);
    before.then(() => write.catch(onFailure)).catch(() => {});
    tail = write;
  };
  return {
    lines: text.split('\n').slice(0, -1),
    append,
    synced: () => tail,
    close: async () => {
      await tail.catch(() => {});
      await file.close();
    },
  };
}

/** After a power cut, a new file exists only if its directory was synced too. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await directory.sync();
  await directory.close();
}
