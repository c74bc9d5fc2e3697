import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { seededRandom } from '../support/random';
import { openClient } from '../support/clients/client';
import { dumpDatabase, emptyFolder, waitForQuiet, writeJson } from '../chaos/collect';
import { files } from '../chaos/evidence';
import { openHistory, readHistory, readJsonLines } from '../chaos/historyFile';
import { openStage, type Stage } from '../chaos/stage';
import { timelineSvg } from '../chaos/timeline';
import type { OverloadSettings } from './env';
import { type Counter, findCapacity, letCome } from './buyers';
import { makeOverloadReport, type OverloadReport, type Phase } from './overloadReport';
import { overloadMarkdown } from './overloadMarkdown';
import { readPayments } from './payments';
import { type Resources, watchResources } from './resources';

/** Long enough for buyers to pay during the overload. */
const paymentWindowMs = 60_000;
const saturation = { buyersAtOnce: 8, warmUpMs: 12_000, windowMs: 6000, windows: 3 };
/** The share of the capacity that the store can sustain. At the full capacity, queues would grow but never shrink. */
const sustainableShare = 0.7;
const overloadTimes = 10;
const beforeMs = 20_000;
const afterMs = 40_000;
const patienceMs = 30_000;
const quietMs = 120_000;
const lookEveryMs = 1000;

/** The folder of the last run, which git ignores. */
export const overloadFolder = join(repositoryRoot, '.data', 'overload');

export async function playOverload(settings: OverloadSettings): Promise<OverloadReport> {
  const folder = overloadFolder;
  emptyFolder(folder, [files.history, 'resources.jsonl']);
  const stage = await openStage({ paymentWindowMs, logFile: join(folder, files.log) });
  try {
    const { phases, latestMs } = await playPhases(stage, settings, folder);
    await waitForQuiet(stage, folder, { deadlineMs: quietMs });
    const database = await stage.inspect(dumpDatabase);
    const payments = await stage.inspect(readPayments);
    writeJson(folder, files.database, database);
    const operations = readHistory(join(folder, files.history));
    const report = makeOverloadReport({
      phases,
      latestMs,
      operations,
      resources: readJsonLines<Resources>(join(folder, 'resources.jsonl')),
      orders: database.orders,
      payments,
    });
    writeJson(folder, 'report.json', report);
    writeFileSync(join(folder, 'report.md'), `${overloadMarkdown(report)}\n`);
    writeFileSync(join(folder, 'timeline.svg'), pictureOf(phases, operations));
    return report;
  } finally {
    await stage.close();
  }
}

async function playPhases(stage: Stage, { rate, durationMs }: OverloadSettings, folder: string) {
  const over = new AbortController();
  const watching = new AbortController();
  const counter = counterOf(stage, folder, over.signal);
  const watch = watchResources({
    stage,
    file: join(folder, 'resources.jsonl'),
    everyMs: lookEveryMs,
    stop: watching.signal,
  });
  const sustainable = rate ?? (await findCapacity(saturation, counter)) * sustainableShare;
  const phases: Phase[] = [];
  const buyers: Promise<unknown>[] = [];
  let latestMs = 0;
  const plan = [
    { name: 'before', times: 1, lastsMs: beforeMs },
    { name: 'overload', times: overloadTimes, lastsMs: durationMs },
    { name: 'after', times: 1, lastsMs: afterMs },
  ] as const;
  for (const { name, times, lastsMs } of plan) {
    const ratePerSecond = sustainable * times;
    const startMs = Date.now();
    const come = await letCome({ name, ratePerSecond, durationMs: lastsMs }, counter);
    buyers.push(come.buyers);
    latestMs = Math.max(latestMs, come.latestMs);
    phases.push({ name, ratePerSecond, startMs, endMs: Date.now() });
  }
  const outOfPatience = setTimeout(() => over.abort(), patienceMs);
  await Promise.all(buyers);
  clearTimeout(outOfPatience);
  watching.abort();
  await watch;
  return { phases, latestMs };
}

function counterOf({ store, apiUrls }: Stage, folder: string, over: AbortSignal): Counter {
  const random = seededRandom(1);
  const history = openHistory(join(folder, files.history));
  return {
    open: (key) => openClient({ name: key, history, apiUrls, random, over }),
    random,
    gatewayUrl: store.gatewayUrl,
    gatewayApiKey: store.gatewayApiKey,
  };
}

function pictureOf(phases: Phase[], operations: ReturnType<typeof readHistory>): string {
  const [startMs = 0] = phases.map((phase) => phase.startMs);
  const endMs = phases.at(-1)?.endMs ?? startMs + 1;
  const faults = phases.map(({ name, ratePerSecond, ...when }) => ({
    ...when,
    family: name === 'overload' ? 'kill' : 'deploy',
    kind: name,
    target: `${Math.round(ratePerSecond)} checkouts a second`,
    confirmed: true,
  }));
  return timelineSvg({ operations: operations.filter(({ f }) => f === 'checkout'), faults, startMs, endMs });
}
