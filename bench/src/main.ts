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
import { type ScenarioName, scenarioNames } from './results';
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
    const isWhole = !quick && scenarioNames.every((name) => only.includes(name));
    write(field, { startedAt, loadBefore, isWhole });
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
    const loop = { clients, leadInMs: field.scale(4000), durationMs: 0 };
    await closedLoop(loop, () => buy(contestant.shop, 'failed'));
  }
}

interface Run {
  startedAt: Date;
  loadBefore: number;
  /** Every scenario, each for its whole time. */
  isWhole: boolean;
}

function write(field: OpenField, run: Run): void {
  const ratios = ratiosOf(field.results);
  const samples = field.results.all();
  const text = [headline(run), '', tables(ratios, samples)].join('\n');
  process.stdout.write(`${text}\n`);
  mkdirSync(folder, { recursive: true });
  const figures = samples.map(({ contestant, measure, values }) => ({
    contestant,
    measure,
    median: median(values),
    values,
  }));
  const results = {
    startedAt: run.startedAt.toISOString(),
    whole: run.isWhole,
    commit: commit(),
    machine: machine(),
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
  const name = run.isWhole ? 'latest' : 'trial';
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.md`), `${text}\n`);
  writeFileSync(join(folder, `${name}.svg`), ratiosSvg(ratios));
}

function headline({ startedAt, isWhole }: Run): string {
  const what = isWhole ? 'A whole run' : 'A trial: some scenarios, or a tenth of each';
  return `${what}, of ${startedAt.toISOString()}, commit ${commit()}, ${machine()}, Node ${process.version}.`;
}

function machine(): string {
  const [cpu] = os.cpus();
  return `${os.cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()}`;
}

/** With a mark when the tree has changes that no commit has, other than the results of the run before. */
function commit(): string {
  try {
    const changed = git('status', '--porcelain', '--', '.', ':!bench/results');
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed === '' ? '' : '-dirty'}`;
  } catch {
    return 'unknown: not a git checkout';
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' }).trim();
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
