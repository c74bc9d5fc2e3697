import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { repositoryRoot, temporaryDirectory } from '@widget-store/dev';
import { z } from 'zod';
import { readEnv } from './env';
import { type OpenField, openField } from './field';
import { closedLoop } from './load/loops';
import { buy } from './load/shop';
import { median } from './measure/statistics';
import { ratiosSvg } from './report/picture';
import { ratiosOf } from './report/ratios';
import { tables } from './report/tables';
import type { ScenarioName } from './results';
import { cheap, reads } from './scenarios/cheap';
import { declined, latency } from './scenarios/declined';
import { hot } from './scenarios/hot';
import { limits } from './scenarios/limits';
import { paid } from './scenarios/paid';
import { replicas } from './scenarios/replicas';
import { resources } from './scenarios/resources';
import { clients, type Field } from './scenarios/scenario';
import { tell } from './servers';

const folder = join(repositoryRoot, 'bench', 'results');

const scenarios: Record<ScenarioName, (field: Field) => Promise<void>> = {
  declined,
  latency,
  paid,
  cheap,
  reads,
  hot,
  replicas,
  resources,
  limits,
};

async function main(): Promise<void> {
  const { only, quick } = readEnv();
  const loadBefore = os.loadavg()[0] ?? 0;
  const startedAt = new Date();
  const directory = await temporaryDirectory();
  const field = await openField(directory, { quick });
  try {
    await warmUp(field);
    for (const name of only) {
      tell(`${secondsSince(startedAt)} s: ${name}`);
      await scenarios[name](field);
    }
    write(field, { startedAt, loadBefore, quick });
  } finally {
    await field.close();
    await directory.remove();
  }
  tell(`done in ${secondsSince(startedAt)} s`);
}

/** Code is compiled and caches are filled before anything is measured. */
async function warmUp(field: Field): Promise<void> {
  tell('warming up');
  for (const contestant of Object.values(field.contestants)) {
    await contestant.stock(1_000_000);
    await closedLoop({ clients, durationMs: field.scale(4000) }, () => buy(contestant.shop, 'failed'));
  }
}

function write(field: OpenField, run: { startedAt: Date; loadBefore: number; quick: boolean }): void {
  const ratios = ratiosOf(field.results);
  const samples = field.results.all();
  const text = tables(ratios, samples);
  process.stdout.write(`${text}\n`);
  mkdirSync(folder, { recursive: true });
  const figures = samples.map(({ contestant, measure, values }) => ({
    contestant,
    measure,
    median: median(values),
    values,
  }));
  const [cpu] = os.cpus();
  const machine = `${os.cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()}`;
  const results = {
    startedAt: run.startedAt.toISOString(),
    quick: run.quick,
    commit: commit(),
    machine,
    loadAverageBefore: run.loadBefore,
    versions: { ...versions(), temporal: field.temporalVersions },
    durability: {
      postgres: field.postgresSettings,
      'store-file': "orders in Postgres as above; runs in Temporal's SQLite file, journal_mode=WAL, synchronous=NORMAL",
      'store-postgres': 'orders and runs in Postgres as above',
      dbos: 'orders and workflows in Postgres as above',
    },
    ratios,
    figures,
  };
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(folder, 'latest.md'), `${text}\n`);
  writeFileSync(join(folder, 'latest.svg'), ratiosSvg(ratios));
}

/** With a mark when the tree has changes that no commit has. */
function commit(): string {
  const args = ['describe', '--always', '--dirty', '--abbrev=12'];
  try {
    return execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown: not a git checkout';
  }
}

function versions(): Record<string, string> {
  return {
    node: process.version,
    '@temporalio/worker': versionOf('node_modules/@temporalio/worker'),
    '@dbos-inc/dbos-sdk': versionOf('bench/peers/dbos/node_modules/@dbos-inc/dbos-sdk'),
    postgres: versionOf('node_modules/postgres'),
  };
}

function versionOf(path: string): string {
  const file = readFileSync(join(repositoryRoot, path, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(file)).version;
}

function secondsSince(start: Date): number {
  return Math.round((Date.now() - start.getTime()) / 1000);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
