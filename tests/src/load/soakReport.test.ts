import { serviceNames } from '../chaos/stage';
import { makeSoakReport, type SoakReportInput } from './soakReport';

const hourMs = 3_600_000;
const looksAtMs = Array.from({ length: 720 }, (_, index) => index * 5000);

/** Returns an hour in which memory varies but nothing grows. */
function soundRun(): SoakReportInput {
  const atRest = { atMs: hourMs, runs: 0, connections: { api: 4, worker: 2 } };
  return {
    seed: 1,
    rate: 2,
    durationMs: hourMs,
    startMs: 0,
    endMs: hourMs,
    resources: looksAtMs.flatMap((atMs, index) =>
      serviceNames.map((name, pid) => ({
        atMs,
        name,
        pid,
        residentMb: 150 + (index % 2),
        heapMb: 40 + (index % 12) * 3,
        descriptors: 35,
      })),
    ),
    openWork: looksAtMs.map((atMs) => ({ atMs, runs: 20, connections: { api: 10, worker: 6 } })),
    atRest,
    quiet: { startMs: hourMs, settledMs: hourMs + 1000, deadlineMs: 60_000 },
    operations: Array.from({ length: 8000 }, (_, id) => ({
      id,
      process: '',
      f: 'checkout' as const,
      request: { to: '' },
      startMs: 0,
      endMs: 1,
      outcome: 'ok' as const,
      response: {},
    })),
    faults: [],
  };
}

const broken = (input: SoakReportInput): string[] =>
  makeSoakReport(input)
    .claims.filter(({ holds }) => !holds)
    .map(({ text }) => text.split(/[:(]/)[0]?.trim() ?? '');

/** Returns how much a value has grown at `atMs` if it grows evenly by `by` in an hour. */
const grown = (atMs: number, by: number): number => (atMs / hourMs) * by;

describe('the report of a soak', () => {
  it('finds no leak if nothing grows', () => {
    expect(broken(soundRun())).toEqual([]);
  });

  it.each<[string, (input: SoakReportInput) => unknown]>([
    [
      'worker-2, resident',
      ({ resources }) =>
        resources.forEach((look) => look.name === 'worker-2' && (look.residentMb += grown(look.atMs, 100))),
    ],
    [
      'api-1, heap',
      ({ resources }) => resources.forEach((look) => look.name === 'api-1' && (look.heapMb += grown(look.atMs, 20))),
    ],
    [
      'api-2, descriptors',
      ({ resources }) =>
        resources.forEach((look) => look.name === 'api-2' && (look.descriptors += grown(look.atMs, 20))),
    ],
    ['open runs', ({ openWork }) => openWork.forEach((look) => (look.runs += grown(look.atMs, 20)))],
    ['no connection leaks', ({ atRest }) => (atRest.connections.api = 12)],
    [
      'pools stay within their limits',
      ({ openWork }) => Object.assign(openWork[700]?.connections ?? {}, { worker: 60 }),
    ],
    ['all work is done afterwards', ({ quiet }) => (quiet.settledMs = null)],
    ['no process was replaced', ({ resources }) => Object.assign(resources[2000] as object, { pid: 99 })],
  ])('reports that this claim does not hold: %s', (claim, spoil) => {
    const input = soundRun();
    spoil(input);
    expect(broken(input)).toContain(claim);
  });
});
