import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { type Random, seededRandom } from '../support/random';
import { emptyFolder, waitForQuiet, writeJson } from '../chaos/collect';
import { files, type Quiet, readJson } from '../chaos/evidence';
import { type FaultPlan, type FaultRecord, inflictFaults, planFaults } from '../chaos/faults';
import { openHistory, readHistory, readJsonLines } from '../chaos/historyFile';
import { runLoad } from '../chaos/load';
import { planLoad } from '../chaos/plan';
import { openStage, type Stage } from '../chaos/stage';
import { eventually } from '../support/eventually';
import { lookAtOpenWork, type OpenWork, watchOpenWork } from './openWork';
import { type Resources, watchResources } from './resources';
import { soakMarkdown } from './soakMarkdown';
import { makeSoakReport, mostConnectionsAtRest, type SoakReport } from './soakReport';

export interface SoakOptions {
  seed: number;
  /** The number of checkouts a second. */
  rate: number;
  durationMs: number;
}

const paymentWindowMs = 8000;
const patienceMs = 25_000;
const quietMs = 90_000;
const lookEveryMs = 5000;
/** The fault families that restart no process. A restart would hide a leak. */
const lightFamilies = ['network', 'webhooks'] as const;
const betweenFaultsMs = 20_000;
const resourcesFile = 'resources.jsonl';
const openWorkFile = 'open-work.jsonl';

/** The folder of the last run, which git ignores. */
export const soakFolder = join(repositoryRoot, '.data', 'soak');

export async function playSoak(options: SoakOptions): Promise<SoakReport> {
  const folder = soakFolder;
  emptyFolder(folder, [files.history, files.faults, resourcesFile, openWorkFile]);
  const stage = await openStage({ paymentWindowMs, logFile: join(folder, files.log) });
  try {
    const startMs = Date.now();
    await playOn(stage, options, folder);
    const endMs = Date.now();
    await waitForQuiet(stage, folder, { deadlineMs: quietMs });
    const atRest = await lookAtRest(stage);
    const report = makeSoakReport({
      ...options,
      startMs,
      endMs,
      resources: readJsonLines<Resources>(join(folder, resourcesFile)),
      openWork: readJsonLines<OpenWork>(join(folder, openWorkFile)),
      atRest,
      quiet: readJson(folder, files.quiet) as Quiet,
      operations: readHistory(join(folder, files.history)),
      faults: readJsonLines<FaultRecord>(join(folder, files.faults)),
    });
    writeJson(folder, 'report.json', report);
    writeFileSync(join(folder, 'report.md'), `${soakMarkdown(report)}\n`);
    return report;
  } finally {
    await stage.close();
  }
}

async function playOn(stage: Stage, { seed, rate, durationMs }: SoakOptions, folder: string): Promise<void> {
  const random = seededRandom(seed);
  const plan = planLoad({ random: random.fork(), name: `soak-${seed}`, durationMs, checkoutsPerSecond: rate });
  const ended = new AbortController();
  const load = runLoad({
    plan,
    durationMs,
    apiUrls: stage.apiUrls,
    shop: stage.shop,
    history: openHistory(join(folder, files.history)),
    random: random.fork(),
    patienceMs,
  }).finally(() => ended.abort());
  const watching = { everyMs: lookEveryMs, stop: ended.signal };
  await Promise.all([
    load,
    inflictFaults({ plan: lightFaults(random, durationMs), stage, durationMs, file: join(folder, files.faults) }),
    watchResources({ stage, file: join(folder, resourcesFile), ...watching }),
    watchOpenWork(stage, { file: join(folder, openWorkFile), ...watching }),
  ]);
}

function lightFaults(random: Random, durationMs: number): FaultPlan {
  const plan = planFaults({ random: random.fork(), durationMs, wanted: lightFamilies });
  return { ...plan, pauseMs: betweenFaultsMs };
}

/** Waits until the pools have closed their idle connections. Connections that stay open after that are a leak. */
async function lookAtRest(stage: Stage): Promise<OpenWork> {
  const isAtRest = ({ connections }: OpenWork): boolean =>
    connections.api <= mostConnectionsAtRest.api && connections.worker <= mostConnectionsAtRest.worker;
  try {
    return await eventually(() => lookAtOpenWork(stage), isAtRest);
  } catch {
    return lookAtOpenWork(stage);
  }
}
