import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { repositoryRoot, temporaryDirectory } from '@widget-store/dev';
import { z } from 'zod';
import { type Bench, withBench } from './bench';
import { readEnv } from './env';
import { pictureOf } from './report/picture';
import { ratiosOf } from './report/ratios';
import { tables } from './report/tables';
import { type ScenarioName, scenarioNames } from './results';
import { burst } from './scenarios/burst';
import { cheap, reads } from './scenarios/cheap';
import { declined, latency } from './scenarios/declined';
import { hot } from './scenarios/hot';
import { limits } from './scenarios/limits';
import { paid } from './scenarios/paid';
import { replicas } from './scenarios/replicas';
import { resources } from './scenarios/resources';
import { waiting } from './scenarios/waiting';
import { reportProgress } from './servers';

const folder = join(repositoryRoot, 'bench', 'results');

const scenarios: Record<ScenarioName, (bench: Bench) => Promise<void>> = {
  declined,
  latency,
  paid,
  cheap,
  reads,
  hot,
  replicas,
  resources,
  limits,
  burst,
  waiting,
};

async function main(): Promise<void> {
  const { only, quick } = readEnv();
  const run = {
    startedAt: new Date(),
    loadBefore: os.loadavg()[0] ?? 0,
    isWhole: !quick && scenarioNames.every((name) => only.includes(name)),
  };
  const directory = await temporaryDirectory();
  try {
    await withBench({ directory: directory.path, quick }, async (bench) => {
      for (const name of only) {
        reportProgress(`${secondsSince(run.startedAt)} s: ${name}`);
        await scenarios[name](bench);
      }
      write(bench, run);
    });
  } finally {
    await directory.remove();
  }
  reportProgress(`done in ${secondsSince(run.startedAt)} s`);
}

interface Run {
  startedAt: Date;
  loadBefore: number;
  /** True if all scenarios run, each for its whole duration. */
  isWhole: boolean;
}

function write({ results: { figures }, results, postgresSettings, temporalVersions }: Bench, run: Run): void {
  const ratios = ratiosOf(results);
  const text = [headline(run), '', tables(ratios, figures)].join('\n');
  process.stdout.write(`${text}\n`);
  const file = {
    startedAt: run.startedAt.toISOString(),
    whole: run.isWhole,
    commit: commit(),
    machine: machine(),
    loadAverageBefore: run.loadBefore,
    versions: { ...versions(), temporal: temporalVersions },
    durability: {
      postgres: postgresSettings,
      'store-file': "orders in Postgres as above; runs in Temporal's SQLite file, journal_mode=WAL, synchronous=NORMAL",
      'store-postgres': 'orders and runs in Postgres as above',
      dbos: 'orders and workflows in Postgres as above',
    },
    ratios,
    figures,
  };
  const name = run.isWhole ? 'latest' : 'trial';
  mkdirSync(folder, { recursive: true });
  // Puts all rounds of a figure on one line.
  const json = JSON.stringify(file, null, 2).replaceAll(/\[[^\]]*\]/g, (rounds) => rounds.replaceAll(/\s+/g, ''));
  writeFileSync(join(folder, `${name}.json`), `${json}\n`);
  writeFileSync(join(folder, `${name}.md`), `${text}\n`);
  writeFileSync(join(folder, `${name}.svg`), pictureOf(ratios));
}

function headline({ startedAt, isWhole }: Run): string {
  const what = isWhole ? 'A whole run' : 'A trial with some scenarios, or with a tenth of each duration';
  return `${what}, of ${startedAt.toISOString()}, commit ${commit()}, ${machine()}, Node ${process.version}.`;
}

function machine(): string {
  const [cpu] = os.cpus();
  return `${os.cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()}`;
}

/** Returns the current commit, with `-dirty` if a file outside `bench/results` has changed since the commit. */
function commit(): string {
  try {
    const changed = git('status', '--porcelain', '--', '.', ':!bench/results');
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed === '' ? '' : '-dirty'}`;
  } catch {
    return 'unknown: not a git repository';
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
