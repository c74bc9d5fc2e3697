import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './fileLock';
import { runToEnd } from './runToEnd';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';

describe('a file lock', () => {
  let directory: TemporaryDirectory;
  let path: string;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = join(directory.path, 'lock');
  });
  afterEach(() => directory.remove());

  it('lets one caller in at a time, and leaves no file behind', async () => {
    const waits: string[] = [];
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await writeFile(join(directory.path, 'work'), '');
      inside--;
    };
    const enter = () => withFileLock(path, work, { onWait: (holder) => void waits.push(holder) });
    await Promise.all([enter(), enter(), enter()]);
    expect([most, existsSync(path)]).toEqual([1, false]);
    expect(waits.every((holder) => holder === `process ${process.pid}` || holder === 'another process')).toBe(true);
  });

  it('is released if the work fails', async () => {
    const fail = () => Promise.reject(new Error('no'));
    await expect(withFileLock(path, fail)).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  it('is taken over from a dead process', async () => {
    const pid: string[] = [];
    await runToEnd({
      name: 'a process that ends',
      command: process.execPath,
      args: ['-p', 'process.pid'],
      env: {},
      deadlineMs: 60_000,
      onLine: (line) => pid.push(line),
    });
    await writeFile(path, pid[0] ?? '');
    await expect(withFileLock(path, () => Promise.resolve('done'))).resolves.toBe('done');
  });

  it('does not block a caller that aborts its wait', async () => {
    await writeFile(path, String(process.pid));
    const work = () => Promise.resolve('done');
    await expect(withFileLock(path, work, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/abort/i);
    expect(existsSync(path)).toBe(true);
  });
});
