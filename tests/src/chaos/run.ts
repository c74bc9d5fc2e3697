import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { collectEvidence, waitForQuiet, writeJson } from './collect';
import { files, readEvidence, readJson } from './evidence';
import { type FaultFamily, type FaultRecord, inflictFaults, planFaults } from './faults';
import { openHistory, readJsonLines } from './history';
import { runLoad } from './load';
import { reportMarkdown } from './markdown';
import { judgeFolder } from './oracle';
import { planLoad } from './plan';
import { makeReport, type Report, type RunSettings } from './report';
import { seededRandom } from './random';
import { takeSnapshots } from './snapshots';
import { openStage, type Stage } from './stage';
import { timelineSvg } from './timeline';

export interface ChaosOptions {
  seed: number;
  /** Of the load; starting before it and the quiet after it come on top. */
  durationMs: number;
  families: readonly FaultFamily[];
  checkoutsPerSecond: number;
  /** Where the run leaves its files, relative to the root of the repository. What is there is removed first. */
  folder: string;
}

const paymentWindowMs = 8000;

/** A whole run: stage, load and faults, quiet, evidence. Judging it is left to `judgeRun`. */
export async function playRun(options: ChaosOptions): Promise<string> {
  const folder = join(repositoryRoot, options.folder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of [files.faults, files.snapshots, files.history]) writeFileSync(join(folder, name), '');
  const stage = await openStage({ paymentWindowMs, logFile: join(folder, files.log), workerProgram: 'chaosWorker.js' });
  try {
    await playOn(stage, options, folder);
    await waitForQuiet(stage, folder);
    await collectEvidence(stage, folder);
  } finally {
    await stage.close();
  }
  return folder;
}

async function playOn(stage: Stage, options: ChaosOptions, folder: string): Promise<void> {
  const { seed, durationMs, families, checkoutsPerSecond } = options;
  const random = seededRandom(seed);
  // One after the other, so that leaving out faults changes nothing of the load.
  const plan = planLoad({ random: random.fork(), seed, durationMs, checkoutsPerSecond });
  const faultPlan = planFaults({ random: random.fork(), durationMs, wanted: families });
  const settings: RunSettings = {
    seed,
    durationMs,
    loadStartMs: Date.now(),
    families: [...families],
    notDone: stage.notDone,
    plant: null,
  };
  writeJson(folder, files.settings, settings);
  const { gatewayUrl, gatewayApiKey, webhookSecret } = stage.store;
  const loadEnded = new AbortController();
  const load = runLoad({
    plan,
    durationMs,
    apiUrls: stage.apiUrls,
    shop: { gatewayUrl, gatewayApiKey, webhookSecret, adminToken: stage.adminToken },
    history: openHistory(join(folder, files.history)),
    random: random.fork(),
  }).finally(() => loadEnded.abort());
  await Promise.all([
    load,
    inflictFaults({ plan: faultPlan, stage, durationMs, file: join(folder, files.faults) }),
    takeSnapshots(stage.sql, { file: join(folder, files.snapshots), stop: loadEnded.signal }),
  ]);
}

/** Judges the files of a run, and writes the report beside them. */
export async function judgeRun(folder: string, { bundlePath }: { bundlePath: string }): Promise<Report> {
  const evidence = readEvidence(folder);
  const settings = readJson<RunSettings>(folder, files.settings);
  const faults = readJsonLines<FaultRecord>(join(folder, files.faults));
  const anomalies = await judgeFolder(folder, { bundlePath });
  const report = makeReport({ settings, evidence, faults, anomalies });
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
