import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BinarySource } from './cachedBinary';
import { compileTemporal, resolveTemporalBinary } from './temporalBinary';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';

let directory: TemporaryDirectory;
let progress: string[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  progress = [];
});

afterEach(() => directory.remove());

const pathDir = () => join(directory.path, 'bin');
const cachedBinary = () => join(directory.path, 'cache/durable-checkout/temporal-1.5.1-sqlite-1.51.0');

async function makeExecutable(path: string, script = 'exit 0'): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const download: BinarySource = ({ directory: into }) => makeExecutable(join(into, 'temporal-download'), '# download');
const install: BinarySource = ({ directory: into }) => makeExecutable(join(into, 'temporal'), '# install');
const failing =
  (reason: string): BinarySource =>
  () =>
    Promise.reject(new Error(reason));

function resolveWith(sources: BinarySource[], signal?: AbortSignal): Promise<string> {
  const environment = { PATH: `${pathDir()}:/usr/bin:/bin`, XDG_CACHE_HOME: join(directory.path, 'cache') };
  return resolveTemporalBinary({ environment, sources, signal, onProgress: (text) => progress.push(text) });
}

test('temporal on PATH comes first', async () => {
  const onPath = await makeExecutable(join(pathDir(), 'temporal'));
  await makeExecutable(cachedBinary());

  expect(await resolveWith([download, install])).toBe(onPath);
});

test('the cached binary comes before a download', async () => {
  await makeExecutable(cachedBinary());

  expect(await resolveWith([failing('no network'), failing('no go')])).toBe(cachedBinary());
});

test('a download is cached, and nothing else stays in the cache', async () => {
  expect(await resolveWith([download, failing('not asked')])).toBe(cachedBinary());

  expect(readFileSync(cachedBinary(), 'utf8')).toContain('# download');
  expect(await readdir(dirname(cachedBinary()))).toEqual(['temporal-1.5.1-sqlite-1.51.0']);
});

test('when the download fails, the binary is compiled', async () => {
  await resolveWith([failing('the download failed'), install]);

  expect(readFileSync(cachedBinary(), 'utf8')).toContain('# install');
  expect(progress).toContain('the download failed');
});

test('the messages say how long the compiler takes, and the compiled program is cached', async () => {
  await makeExecutable(
    join(pathDir(), 'go'),
    `case "$*" in
      'mod init widget-store/tool') ;;
      'get -tool github.com/temporalio/cli/cmd/temporal@v1.5.1 modernc.org/sqlite@v1.51.0') ;;
      'build -v -o temporal github.com/temporalio/cli/cmd/temporal')
        echo 'github.com/temporalio/cli/temporalcli' >&2
        printf '#!/bin/sh\\n# compiled\\n' > temporal; chmod 755 temporal ;;
      *) exit 9 ;;
    esac`,
  );

  await resolveWith([failing('no network'), compileTemporal]);

  expect(readFileSync(cachedBinary(), 'utf8')).toContain('# compiled');
  expect(progress.join('\n')).toMatch(
    /compiling the Temporal dev server 1\.5\.1: about 4 minutes .* 250 MB of disk space/,
  );
});

test('concurrent callers all get a complete binary', async () => {
  const paths = await Promise.all([download, install, download].map((source) => resolveWith([source])));

  expect(new Set(paths)).toEqual(new Set([cachedBinary()]));
  expect(readFileSync(cachedBinary(), 'utf8')).toMatch(/^#!\/bin\/sh\n# (download|install)\n$/);
  expect(await readdir(dirname(cachedBinary()))).toEqual(['temporal-1.5.1-sqlite-1.51.0']);
});

test('if every source fails, the error says why and what to install', async () => {
  await makeExecutable(join(pathDir(), 'go'), 'echo "dial tcp: no such host" >&2; exit 1');

  const resolved = resolveWith([failing('the download failed'), compileTemporal]);

  await expect(resolved).rejects.toThrow(
    [
      'There is no Temporal server to run: temporal is not on PATH, and it could not be fetched.',
      '- the download failed',
      '- go mod of the Temporal dev server 1.5.1 exited with status 1; its last lines:\n  dial tcp: no such host',
      'Install the Temporal CLI (https://docs.temporal.io/cli) or Go 1.25 or newer, or set TEMPORAL_ADDRESS to a server.',
    ].join('\n'),
  );
  expect(existsSync(cachedBinary())).toBe(false);
});

test('an interruption ends the compiler and leaves nothing behind', async () => {
  await makeExecutable(join(pathDir(), 'go'), 'echo compiling; exec sleep 600');
  const interrupted = new AbortController();
  const resolved = resolveWith([compileTemporal, failing('not asked')], interrupted.signal);
  interrupted.abort(new Error('Ctrl-C'));

  await expect(resolved).rejects.toThrow('Ctrl-C');
  expect(await readdir(dirname(cachedBinary()))).toEqual([]);
});
