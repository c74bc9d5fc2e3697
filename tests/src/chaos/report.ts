import { execFileSync } from 'node:child_process';
import { repositoryRoot } from '@widget-store/dev';
import type { Evidence } from './evidence';
import type { FaultRecord } from './faults';
import type { Operation, Outcome } from '../support/clients/history';
import { type Anomaly, type InvariantName, invariants } from './oracle';

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
  operations: Record<string, Record<Outcome, number>>;
  /** The number of answers with status 500. A store that is unavailable must answer 503. */
  internalErrors: number;
  /** The number of terminated runs. The oracle checks that each of them was replaced. */
  runsGivenUp: number;
  faults: { family: string; kind: string; inflicted: number; confirmed: number }[];
  notDone: Record<string, string>;
  /** The requested fault families without a proved effect. */
  withoutEffect: string[];
  webhooks: Record<string, number>;
  orders: Record<string, number>;
  anomalies: Record<InvariantName, number>;
  firstAnomalies: Anomaly[];
  speed: { withFaults: Speed; withoutFaults: Speed };
  /** The longest time from the end of a fault to the first answer to a checkout that started after the fault. */
  longestRecoveryMs: number | null;
  /** The time from the end of the load and the faults to the end of all work. */
  settledAfterMs: number | null;
  /** The results of the last run of `mutants.test.ts`; null if it has not run. */
  mutants: MutantResults | null;
}

export interface MutantResults {
  commit: string;
  caught: number;
  of: number;
}

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

/** Returns a few anomalies of each invariant, so that one invariant does not hide the others. */
function firstOfEach(anomalies: Anomaly[]): Anomaly[] {
  const names = Object.keys(invariants);
  return names.flatMap((name) => anomalies.filter(({ invariant }) => invariant === name).slice(0, 5));
}

/** Returns the current commit, marked as dirty if there are uncommitted changes. */
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

/**
 * A run of at least this length has faults of every requested and possible family. `make chaos` lasts this long by
 * default.
 */
const wholeRunMs = 180_000;
/**
 * If a run inflicts at least this number of faults of a family, one of them must have an effect. A single fault may
 * have no effect. For example, a crash after an activity has no effect if that activity never runs.
 */
const enoughTurns = 3;

/**
 * Returns the requested and possible fault families without a proved effect. For a short run, the result contains a
 * family only if the run inflicted at least `enoughTurns` faults of that family. `kill` is an exception, because a kill
 * is the first fault of each run.
 */
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

/** Counts the forged webhooks, and the payments that were settled during each fault of the gateway's webhooks. */
function countWebhooks({ operations }: Evidence, faults: FaultRecord[]): Report['webhooks'] {
  const forged = operations.filter(({ f }) => f === 'forged');
  const settled = operations.filter(({ f, outcome }) => f === 'settle' && outcome === 'ok');
  const during = settled.map(({ endMs }) => {
    const fault = faults.find(
      ({ family, confirmed, startMs, endMs: until }) =>
        family === 'webhooks' && confirmed && startMs <= endMs && endMs <= until,
    );
    return fault?.kind ?? 'webhooks without a fault';
  });
  return { ...countBy(during, (kind) => kind), ...countBy(forged, ({ request }) => `refused: ${request.what}`) };
}

function countBy<Item>(items: Item[], nameOf: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}

/**
 * Computes the speed with and without faults. If a fault was active during any part of a second, the whole second
 * belongs to the time with faults.
 */
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
