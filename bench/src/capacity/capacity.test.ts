import { capacityTable } from './capacityTable';
import { historyCost, type HistoryCost } from './historyCost';
import { resourcesOf } from './resources';
import { readFigures } from './readFigures';
import { capacityReport, latestResults } from './report';

const run: HistoryCost = {
  historyBytes: 4000,
  workflowTasks: 3,
  activityTasks: 1,
  shardWrites: 10,
  visibilityWrites: 3,
  actions: 6,
};
const histories = { declined: run, paid: run, dispatch: run };

/** Returns results as `make bench` writes them, with one round for each figure. */
function results(medians: Record<string, number>): unknown {
  const figures: Record<string, Record<string, number[]>> = {};
  for (const [name, value] of Object.entries(medians)) {
    const [contestant = '', measure = ''] = name.split(' ');
    figures[contestant] = { ...figures[contestant], [measure]: [value] };
  }
  return { startedAt: '2026-11-24T00:00:00.000Z', whole: true, commit: 'c0ffee', machine: '2 x cores', figures };
}

const processes = { api: 6, worker: 18, temporal: 30, postgres: 27 };
const measured = results({
  'store-file declined.cpuMs.postgres': 3,
  'store-file paid.cpuMs.postgres': 5,
  'store-file alone.checkoutMs': 30,
  'store-file alone.webhookMs': 15,
  'store-postgres alone.checkoutMs': 40,
  'store-postgres alone.webhookMs': 26,
  ...Object.fromEntries(
    Object.entries(processes).flatMap(([name, ms]) => [
      [`store-postgres declined.cpuMs.${name}`, ms],
      [`store-postgres paid.cpuMs.${name}`, 2 * ms],
    ]),
  ),
  'plain limits.notifyPerSecond': 2000,
  'plain limits.rowPerSecond': 1000,
  'store-grown limits.storedBytesAnOrder': 2000,
  'store-file limits.declinedWalBytes': 6000,
  'store-postgres limits.declinedWalBytes': 66_000,
});

describe('the capacity model', () => {
  const resources = resourcesOf(readFigures(measured).figure, histories);

  it.each([
    ['api: CPU ms; cores', 6, 12],
    ["the store's Postgres: CPU ms; cores", 3, 5],
    ["Temporal's Postgres: CPU ms; cores", 24, 49],
    // The api makes three calls. For each of three workflow tasks, for one Query and for one activity, the worker makes
    // two calls: a poll and an answer.
    ['requests to Temporal, polls included: number; frontends', 3 + 2 * (3 + 1 + 1), 3 + 2 * (2 * 3 + 1 + 2) + 3],
    ['writes to history shards: number; shards', 10, 23],
    ['commits that notify: number; a second', 1, 11],
    ['locks of one product, if every order buys it: number; a second', 2, 1],
    ["the store's WAL: KB; MB a second", 6, 36],
    ["Temporal's WAL: KB; MB a second", 60, 138],
    ['closed runs on disk: KB; GB of 7 days', 8, 16],
  ])('says what an order uses: %s', (name, declined, paid) => {
    expect(resources.find((resource) => resource.name === name)?.perOrder).toEqual({ declined, paid });
  });

  it.each([
    ['api: CPU ms; cores', 1000, 2],
    // A write takes 3 ms, so 10,000 writes a second keep 30 shards busy all the time, or 100 shards for 30 % of the
    // time. The model rounds 100 up to a power of two.
    ['writes to history shards: number; shards', 10_000, 128],
    ['requests to Temporal, polls included: number; frontends', 13_000, 10],
    ["Temporal's WAL: KB; MB a second", 60_000, 60],
    ['orders on disk: KB; GB a day', 2000, 172.8],
  ])('says what a rate needs: %s', (name, perSecond, needed) => {
    expect(resources.find((resource) => resource.name === name)?.needed(perSecond)).toBe(needed);
  });

  it('names a missing figure', () => {
    expect(() => resourcesOf(readFigures(results({})).figure, histories)).toThrow(
      'no declined.cpuMs.postgres of store-file: run make bench without ONLY',
    );
  });

  it('is shown as a table of rates, with the rate at which each limit is reached', () => {
    const rows = capacityTable(resources, [100]).split('\n');
    expect(rows).toContain(`| commits that notify: number; a second | 1 | 11 | 900 | ${(2000 / 9).toFixed(0)} |`);
    expect(rows).toContain('| api: CPU ms; cores | 6 | 12 | 2 |  |');
  });

  it('has only finite numbers for the last results and the recorded histories', () => {
    expect(capacityReport(latestResults)).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the cost of a history', () => {
  it('counts the events that make the server write', () => {
    const types = [
      'WORKFLOW_EXECUTION_STARTED',
      'WORKFLOW_TASK_SCHEDULED',
      'WORKFLOW_TASK_STARTED',
      'WORKFLOW_TASK_COMPLETED',
      'MARKER_RECORDED',
      'TIMER_STARTED',
      'WORKFLOW_EXECUTION_SIGNALED',
      'WORKFLOW_TASK_SCHEDULED',
      'WORKFLOW_TASK_STARTED',
      'WORKFLOW_TASK_COMPLETED',
      'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
      'WORKFLOW_EXECUTION_COMPLETED',
    ];
    const events = types.map((type, index) => ({
      eventId: String(index + 1),
      eventType: `EVENT_TYPE_${type}`,
      [`${camelCase(type)}EventAttributes`]: {},
    }));
    const { historyBytes, ...cost } = historyCost({ events });
    expect(historyBytes).toBeGreaterThan(12 * 4);
    expect(cost).toEqual({
      workflowTasks: 2,
      activityTasks: 0,
      // The server makes one write for the start, two for each task, and one for the signal.
      shardWrites: 6,
      visibilityWrites: 3,
      // The marker, the timer, the signal and the search attributes are one action each.
      actions: 4,
    });
  });
});

function camelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}
