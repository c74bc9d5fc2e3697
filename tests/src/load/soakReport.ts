import type { Quiet } from '../chaos/evidence';
import type { FaultRecord } from '../chaos/faults';
import type { Operation } from '../support/clients/history';
import { commit } from '../chaos/report';
import { serviceNames } from '../chaos/stage';
import type { OpenWork } from './openWork';
import type { Claim } from './overloadReport';
import { fitLine, type Line, type Point } from './regression';
import type { Resources } from './resources';
import type { SoakOptions } from './soak';

interface Trend extends Line {
  name: string;
  unit: string;
  most: number;
  /** The largest rise that the report accepts. A larger rise is a leak. */
  mostRise: number;
}

export interface SoakReport extends SoakOptions {
  commit: string;
  /** The time from the start of the load to the start of the measurement. */
  warmUpMs: number;
  operations: Record<Operation['outcome'], number>;
  faults: number;
  restarts: number;
  trends: Trend[];
  atRest: OpenWork;
  claims: Claim[];
}

export interface SoakReportInput extends SoakOptions {
  startMs: number;
  endMs: number;
  resources: Resources[];
  openWork: OpenWork[];
  /** The open runs and connections after the end of all work. */
  atRest: OpenWork;
  quiet: Quiet;
  operations: Operation[];
  faults: FaultRecord[];
}

/**
 * The share of the load's duration that the measurement leaves out at the start, while caches fill and code is
 * compiled.
 */
const warmUpShare = 0.25;
const shortestWarmUpMs = 120_000;
/**
 * The largest rise that is not a leak, as a share of the mean. Some rise is normal, because memory always varies. For
 * example, the resident memory of a worker varies by 50 MB. The cause is probably garbage in its workflow threads,
 * which the heap metric does not include.
 */
const mostRiseShare = 0.1;
const mostRiseMb = { api: 20, worker: 64, heap: 10 };
const mostRiseOfDescriptors = 10;
const mostRiseOfRuns = 5;
/**
 * The largest number of connections at rest, for the two apis together and for the two workers together. Each api uses
 * one connection for LISTEN and keeps one or two more. The workers need connections for the reconciler, which also runs
 * while no work is open.
 */
export const mostConnectionsAtRest = { api: 6, worker: 8 };
/**
 * The largest number of connections under load, for the two apis together and for the two workers together. Each pair
 * has two pools of ten, and a few connections that were just cut. The apis also have connections for LISTEN.
 */
const mostConnections = { api: 26, worker: 24 };

export function makeSoakReport(input: SoakReportInput): SoakReport {
  const { seed, rate, durationMs, startMs, endMs, operations, faults, atRest, resources } = input;
  const warmUpMs = Math.max(shortestWarmUpMs, durationMs * warmUpShare);
  // After `durationMs`, no new shoppers arrive and the load decreases. The report does not measure that part.
  const measured = { fromMs: startMs + warmUpMs, toMs: Math.min(endMs, startMs + durationMs) };
  const trends = findTrends(input, measured);
  const report = {
    seed,
    rate,
    durationMs,
    commit: commit(),
    warmUpMs,
    operations: countOutcomes(operations),
    faults: faults.filter(({ confirmed }) => confirmed).length,
    restarts: countRestarts(resources),
    trends,
    atRest,
  };
  return { ...report, claims: judge(report, input) };
}

function findTrends(
  { resources, openWork }: SoakReportInput,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Trend[] {
  const isMeasured = ({ atMs }: { atMs: number }): boolean => atMs >= fromMs && atMs <= toMs;
  const looks = resources.filter(isMeasured);
  const ofProcesses = serviceNames.flatMap((name) => {
    const own = looks.filter((look) => look.name === name);
    const points = (of: (look: Resources) => number): Point[] =>
      own.map((look) => ({ atMs: look.atMs, value: of(look) }));
    return [
      trend(
        { name: `${name}, resident`, unit: 'MB', least: name.startsWith('api') ? mostRiseMb.api : mostRiseMb.worker },
        points((look) => look.residentMb),
      ),
      trend({ name: `${name}, heap`, unit: 'MB', least: mostRiseMb.heap }, troughs(points((look) => look.heapMb))),
      trend(
        { name: `${name}, descriptors`, unit: '', least: mostRiseOfDescriptors },
        points((look) => look.descriptors),
      ),
    ];
  });
  const work = openWork.filter(isMeasured);
  const pointsOf = (of: (look: OpenWork) => number): Point[] =>
    work.map((look) => ({ atMs: look.atMs, value: of(look) }));
  const ofServers = [
    trend(
      { name: 'open runs', unit: '', least: mostRiseOfRuns },
      pointsOf(({ runs }) => runs),
    ),
    trend(
      { name: 'connections of the apis', unit: '', least: mostRiseOfDescriptors },
      pointsOf((look) => look.connections.api),
    ),
    trend(
      { name: 'connections of the workers', unit: '', least: mostRiseOfDescriptors },
      pointsOf((look) => look.connections.worker),
    ),
  ];
  return [...ofProcesses, ...ofServers];
}

/** Returns the minimum of each minute, because this value is closest to the memory after a garbage collection. */
function troughs(points: Point[]): Point[] {
  const least = new Map<number, Point>();
  for (const point of points) {
    const minute = Math.floor((point.atMs - (points[0]?.atMs ?? 0)) / 60_000);
    const known = least.get(minute);
    if (known === undefined || point.value < known.value) least.set(minute, point);
  }
  return [...least.values()];
}

function trend({ name, unit, least }: { name: string; unit: string; least: number }, points: Point[]): Trend {
  const line = fitLine(points);
  const most = Math.max(...points.map(({ value }) => value).filter(Number.isFinite));
  return { name, unit, ...line, most, mostRise: Math.max(least, line.mean * mostRiseShare) };
}

function judge(
  { trends, operations, restarts, atRest, durationMs, rate }: Omit<SoakReport, 'claims'>,
  { quiet }: SoakReportInput,
): Claim[] {
  const mostOf = (name: string): number => trends.find((one) => one.name === name)?.most ?? Infinity;
  const { connections } = atRest;
  return [
    ...trends.map(({ name, unit, perHour, rise, mostRise }) => ({
      text: `${name}: ${signed(perHour)} ${unit} an hour, a rise of ${signed(rise)}, at most ${mostRise.toFixed(1)} allowed`,
      holds: rise <= mostRise,
    })),
    { text: `no process was replaced (${restarts})`, holds: restarts === 0 },
    {
      text: `pools stay within their limits (at most ${mostOf('connections of the apis')} and ${mostOf('connections of the workers')} connections)`,
      holds:
        mostOf('connections of the apis') <= mostConnections.api &&
        mostOf('connections of the workers') <= mostConnections.worker,
    },
    { text: `all work is done afterwards (${atRest.runs} open runs)`, holds: quiet.settledMs !== null },
    {
      text: `no connection leaks (at rest ${connections.api} of the apis, ${connections.worker} of the workers)`,
      holds: connections.api <= mostConnectionsAtRest.api && connections.worker <= mostConnectionsAtRest.worker,
    },
    {
      text: `the store was under load (${operations.ok} requests answered)`,
      holds: operations.ok > (durationMs / 1000) * rate,
    },
  ];
}

function countOutcomes(operations: Operation[]): SoakReport['operations'] {
  const counts = { ok: 0, fail: 0, unknown: 0 };
  for (const { outcome } of operations) counts[outcome] += 1;
  return counts;
}

function countRestarts(resources: Resources[]): number {
  return new Set(resources.map(({ name, pid }) => `${name} ${pid}`)).size - serviceNames.length;
}

function signed(number: number): string {
  return `${number < 0 ? '' : '+'}${number.toFixed(1)}`;
}
