import { execFileSync } from 'node:child_process';
import { repositoryRoot } from '@widget-store/dev';
import type { Evidence } from './evidence';
import type { FaultRecord } from './faults';
import type { Operation, Outcome } from './history';
import { type Anomaly, type InvariantName, invariants } from './oracle';

/** What a run was told from outside, and could not be. */
export interface RunSettings {
  seed: number;
  /** Of the load. */
  durationMs: number;
  loadStartMs: number;
  families: string[];
  notDone: Record<string, string>;
}

export interface Report {
  commit: string;
  seed: number;
  durationMs: number;
  /** Requests by what they are and how they ended. */
  operations: Record<string, Record<Outcome, number>>;
  /** Answers of 500: the store may be away, but it must know that it is. */
  internalErrors: number;
  /** Runs that were terminated, and that another of their id has taken over. */
  runsGivenUp: number;
  faults: { family: string; kind: string; inflicted: number; confirmed: number }[];
  notDone: Record<string, string>;
  /** Families that were to be inflicted, and of which no fault is known to have taken effect. */
  withoutEffect: string[];
  webhooks: Record<string, number>;
  orders: Record<string, number>;
  anomalies: Record<InvariantName, number>;
  firstAnomalies: Anomaly[];
  speed: { withFaults: Speed; withoutFaults: Speed };
  /** From the moment at which the cause of a fault was gone to the first checkout that began and was answered after it. */
  longestRecoveryMs: number | null;
  /** From the last client's end until nothing was left to do. */
  settledAfterMs: number | null;
  /** Of the last run of `mutants.test.ts`; null when it has not run. */
  mutants: MutantResults | null;
}

export interface MutantResults {
  commit: string;
  caught: number;
  of: number;
}

/** Of checkouts. */
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

/** A few of each invariant: one that is broken a hundred times must not hide the others. */
function firstOfEach(anomalies: Anomaly[]): Anomaly[] {
  const names = Object.keys(invariants);
  return names.flatMap((name) => anomalies.filter(({ invariant }) => invariant === name).slice(0, 5));
}

/** The commit that is checked out, and whether there are changes on top. */
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

/** From this length on, which is that of `make chaos`, every family has its turn. */
const wholeRunMs = 180_000;
/** By chance one or two faults of a family may have no effect: a crash after a step that nobody takes just then. */
const enoughTurns = 3;

/** A shorter run answers for the kill, which comes first, and for the families that had turns enough. */
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

/** What forgers sent, and what the gateway was told to do to its own while payments were settled. */
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

/** A second counts as one with faults when a fault touched it. */
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
