import { execFileSync } from 'node:child_process';
import { repositoryRoot } from '@widget-store/dev';
import type { Evidence } from './evidence';
import type { FaultRecord } from './faults';
import type { Operation, Outcome } from './history';
import { type Anomaly, type InvariantName, invariants } from './oracle';

/** The settings of a run. */
export interface RunSettings {
  seed: number;
  /** The duration of the load. */
  durationMs: number;
  loadStartMs: number;
  families: string[];
  notDone: Record<string, string>;
}

export interface Report {
  commit: string;
  seed: number;
  durationMs: number;
  /** The number of requests by kind and outcome. */
  operations: Record<string, Record<Outcome, number>>;
  /** Answers of 500. A store that is unavailable must answer 503. */
  internalErrors: number;
  /** Runs that were terminated and replaced. */
  runsGivenUp: number;
  faults: { family: string; kind: string; inflicted: number; confirmed: number }[];
  notDone: Record<string, string>;
  /** Requested families without a fault whose effect was proved. */
  withoutEffect: string[];
  webhooks: Record<string, number>;
  orders: Record<string, number>;
  anomalies: Record<InvariantName, number>;
  firstAnomalies: Anomaly[];
  speed: { withFaults: Speed; withoutFaults: Speed };
  /** From the end of a fault to the first checkout that began and was answered after it. */
  longestRecoveryMs: number | null;
  /** From the end of the last client to the end of all work. */
  settledAfterMs: number | null;
  /** Of the last run of `mutants.test.ts`; null when it has not run. */
  mutants: MutantResults | null;
}

export interface MutantResults {
  commit: string;
  caught: number;
  of: number;
}

/** The speed of checkouts. */
interface Speed {
  seconds: number;
  answeredPerSecond: number;
  p50Ms: number | null;
  p99Ms: number | null;
}

export interface ReportInput {
  settings: RunSettings;
  evidence: Evidence;
  faults: FaultRecord[];
  anomalies: Anomaly[];
  mutants: MutantResults | null;
}

export function makeReport({ settings, evidence, faults, anomalies, mutants }: ReportInput): Report {
  const { operations, database, runs, quiet } = evidence;
  const { seed, durationMs, notDone } = settings;
  return {
    commit: commit(),
    seed,
    durationMs,
    operations: countOperations(operations),
    internalErrors: operations.filter(({ response }) => response.status === 500).length,
    runsGivenUp: runs.filter(({ status }) => status === 'TERMINATED').length,
    faults: countFaults(faults),
    notDone,
    withoutEffect: familiesWithoutEffect(faults, settings),
    webhooks: countWebhooks(evidence, faults),
    orders: countBy(database.orders, ({ status, paymentStatus }) => `${status}/${paymentStatus}`),
    anomalies: Object.fromEntries(
      Object.keys(invariants).map((name) => [name, anomalies.filter(({ invariant }) => invariant === name).length]),
    ) as Record<InvariantName, number>,
    firstAnomalies: firstOfEach(anomalies),
    speed: speeds(operations, faults, settings),
    longestRecoveryMs: longestRecovery(operations, faults),
    settledAfterMs: quiet.settledMs === null ? null : quiet.settledMs - quiet.startMs,
    mutants,
  };
}

/** A few anomalies of each invariant, so that one does not hide the others. */
function firstOfEach(anomalies: Anomaly[]): Anomaly[] {
  const names = Object.keys(invariants);
  return names.flatMap((name) => anomalies.filter(({ invariant }) => invariant === name).slice(0, 5));
}

/** The commit that is checked out, marked when there are uncommitted changes. */
export function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
      cwd: repositoryRoot,
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}

function countOperations(operations: Operation[]): Report['operations'] {
  const counts: Report['operations'] = {};
  for (const { f, outcome } of operations) {
    const count = (counts[f] ??= { ok: 0, fail: 0, unknown: 0 });
    count[outcome] += 1;
  }
  return counts;
}

function countFaults(faults: FaultRecord[]): Report['faults'] {
  const counts = new Map<string, Report['faults'][number]>();
  for (const { family, kind, confirmed } of faults) {
    const count = counts.get(kind) ?? { family, kind, inflicted: 0, confirmed: 0 };
    counts.set(kind, { ...count, inflicted: count.inflicted + 1, confirmed: count.confirmed + Number(confirmed) });
  }
  return [...counts.values()].toSorted((one, other) => one.family.localeCompare(other.family));
}

/** A run of this length, that of `make chaos`, has faults of every family. */
const wholeRunMs = 180_000;
/** One or two faults of a family may have no effect, such as a crash after a step that does not occur. */
const enoughTurns = 3;

/** A shorter run must prove the kill, which comes first, and the families with enough faults. */
function familiesWithoutEffect(
  faults: FaultRecord[],
  { families, notDone, durationMs }: Pick<RunSettings, 'families' | 'notDone' | 'durationMs'>,
): string[] {
  return families.filter((family) => {
    const turns = faults.filter((fault) => fault.family === family);
    const mustShow = durationMs >= wholeRunMs || family === 'kill' || turns.length >= enoughTurns;
    return mustShow && notDone[family] === undefined && !turns.some(({ confirmed }) => confirmed);
  });
}

/** The number of forged webhooks, and of payments that were settled during each fault of the gateway's webhooks. */
function countWebhooks({ operations }: Evidence, faults: FaultRecord[]): Report['webhooks'] {
  const forged = operations.filter(({ f }) => f === 'forged');
  const settled = operations.filter(({ f, outcome }) => f === 'settle' && outcome === 'ok');
  const during = settled.map(({ endMs }) => {
    const fault = faults.find(
      ({ family, confirmed, startMs, endMs: until }) =>
        family === 'webhooks' && confirmed && startMs <= endMs && endMs <= until,
    );
    return fault?.kind ?? 'webhooks as they should be';
  });
  return { ...countBy(during, (kind) => kind), ...countBy(forged, ({ request }) => `refused: ${request.what}`) };
}

function countBy<Item>(items: Item[], nameOf: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}

/** A second with a part of a fault counts as one with faults. */
function speeds(operations: Operation[], faults: FaultRecord[], settings: RunSettings): Report['speed'] {
  const { loadStartMs, durationMs } = settings;
  const seconds = Array.from({ length: Math.floor(durationMs / 1000) }, (_, index) => loadStartMs + index * 1000);
  const isTouched = (fromMs: number, toMs: number): boolean =>
    faults.some((fault) => fault.startMs < toMs && fault.endMs > fromMs);
  const answered = operations.filter(({ f, outcome }) => f === 'checkout' && outcome === 'ok');
  const speedOf = (touched: boolean): Speed => {
    const within = seconds.filter((second) => isTouched(second, second + 1000) === touched);
    const inSeconds = new Set(within);
    const of = answered.filter(({ endMs }) =>
      inSeconds.has(loadStartMs + Math.floor((endMs - loadStartMs) / 1000) * 1000),
    );
    const times = answered
      .filter(({ startMs, endMs }) => isTouched(startMs, endMs) === touched)
      .map(({ startMs, endMs }) => endMs - startMs)
      .toSorted((one, other) => one - other);
    const at = (share: number): number | null => times[Math.floor(share * (times.length - 1))] ?? null;
    const answeredPerSecond = within.length === 0 ? 0 : Math.round((of.length / within.length) * 10) / 10;
    return { seconds: within.length, answeredPerSecond, p50Ms: at(0.5), p99Ms: at(0.99) };
  };
  return { withFaults: speedOf(true), withoutFaults: speedOf(false) };
}

function longestRecovery(operations: Operation[], faults: FaultRecord[]): number | null {
  const answered = operations.filter(({ f, outcome }) => f === 'checkout' && outcome === 'ok');
  const recoveries = faults.flatMap(({ undoneMs }) => {
    const ends = answered.filter(({ startMs }) => startMs >= undoneMs).map(({ endMs }) => endMs);
    return ends.length === 0 ? [] : [Math.min(...ends) - undoneMs];
  });
  return recoveries.length === 0 ? null : Math.max(...recoveries);
}
