import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { seededRandom } from '../support/random';
import { collectEvidence, emptyFolder, waitForQuiet, writeJson } from './collect';
import { files, readEvidence, readJson } from './evidence';
import { type FaultFamily, type FaultRecord, inflictFaults, planFaults } from './faults';
import { openHistory, readJsonLines } from './historyFile';
import { runLoad } from './load';
import { reportMarkdown } from './markdown';
import { judgeFolder } from './oracle';
import { planLoad } from './plan';
import { makeReport, type MutantResults, type Report, type RunSettings } from './report';
import { takeSnapshots } from './snapshots';
import { openStage, type Stage } from './stage';
import { timelineSvg } from './timeline';

export interface ChaosOptions {
  seed: number;
  /** The duration of the load. The start of the stage and the wait after the load are not included. */
  durationMs: number;
  families: readonly FaultFamily[];
  checkoutsPerSecond: number;
  /** The folder for the run's files, which is emptied first. */
  folder: string;
}

const paymentWindowMs = 8000;
const patienceMs = 25_000;
const quietMs = 60_000;
export const writtenWhileRunning = [files.faults, files.snapshots, files.history];

/** The folder of all runs, which git ignores. */
export const runsFolder = join(repositoryRoot, '.data', 'chaos');
export const mutantsFile = 'mutants.json';

/**
 * Performs a run: starts the stage, applies load and faults, waits until all work is done, and collects the evidence
 * for `judgeRun`.
 */
export async function playRun(options: ChaosOptions): Promise<void> {
  const { folder } = options;
  emptyFolder(folder, writtenWhileRunning);
  const stage = await openStage({
    paymentWindowMs,
    logFile: join(folder, files.log),
    random: seededRandom(options.seed),
  });
  try {
    await playOn(stage, options, folder);
    await waitForQuiet(stage, folder, { deadlineMs: quietMs });
    await collectEvidence(stage, folder);
  } finally {
    await stage.close();
  }
}

async function playOn(stage: Stage, options: ChaosOptions, folder: string): Promise<void> {
  const { seed, durationMs, families, checkoutsPerSecond } = options;
  const random = seededRandom(seed);
  // The load is planned first, so that the choice of faults does not change the load.
  const plan = planLoad({ random: random.fork(), name: `chaos-${seed}`, durationMs, checkoutsPerSecond });
  const faultPlan = planFaults({ random: random.fork(), durationMs, wanted: families });
  const settings: RunSettings = {
    seed,
    durationMs,
    loadStartMs: Date.now(),
    families: [...families],
    notDone: stage.notDone,
  };
  writeJson(folder, files.settings, settings);
  const loadEnded = new AbortController();
  const load = runLoad({
    plan,
    durationMs,
    apiUrls: stage.apiUrls,
    shop: stage.shop,
    history: openHistory(join(folder, files.history)),
    random: random.fork(),
    patienceMs,
  }).finally(() => loadEnded.abort());
  await Promise.all([
    load,
    inflictFaults({ plan: faultPlan, stage, durationMs, file: join(folder, files.faults) }),
    takeSnapshots(stage.inspect, { file: join(folder, files.snapshots), stop: loadEnded.signal }),
  ]);
}

/** Judges the files of a run, and writes the report into its folder. */
export async function judgeRun(folder: string, { bundlePath }: { bundlePath: string }): Promise<Report> {
  const evidence = readEvidence(folder);
  const settings = readJson(folder, files.settings) as RunSettings;
  const faults = readJsonLines<FaultRecord>(join(folder, files.faults));
  const anomalies = await judgeFolder(folder, { bundlePath });
  const mutants = existsSync(join(runsFolder, mutantsFile))
    ? (readJson(runsFolder, mutantsFile) as MutantResults)
    : null;
  const report = makeReport({ settings, evidence, faults, anomalies, mutants });
  const { startMs } = evidence.quiet;
  const { operations } = evidence;
  writeJson(folder, 'report.json', report);
  writeFileSync(join(folder, 'report.md'), `${reportMarkdown(report)}\n`);
  writeFileSync(
    join(folder, 'timeline.svg'),
    timelineSvg({ operations, faults, startMs: settings.loadStartMs, endMs: startMs }),
  );
  return report;
}
