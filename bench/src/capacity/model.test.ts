import { historyCost, type HistoryCost } from './historyCost';
import { limitsOf } from './limits';
import { type Measured, readMeasured } from './measured';
import { mixed, orderCosts } from './orderCost';
import { planFor } from './plan';
import { capacityReport } from './report';

const run: HistoryCost = {
  events: 20,
  historyBytes: 4000,
  workflowTasks: 3,
  activityTasks: 1,
  shardWrites: 10,
  visibilityWrites: 3,
  actions: 6,
};
const histories = { declined: run, paid: run, dispatch: run };

const cpuMs = { api: 6, worker: 18, temporal: 30, storePostgres: 3, temporalPostgres: 24 };
const measured: Measured = {
  source: 'a calculation by hand',
  cpuMs: { declined: cpuMs, paid: cpuMs },
  shardWriteMs: 3,
  notifyMs: 0.5,
  rowMs: 1,
  storedBytesAnOrder: 2000,
  walBytesACommit: 3000,
  walBytesAShardWrite: 6000,
  assumed: [],
};

/** As `make bench` writes it, with the figures that the model reads. */
function results(figures: Record<string, number>): unknown {
  const all = Object.entries(figures).map(([name, median]) => {
    const [contestant, measure] = name.split(' ');
    return { contestant, measure, median };
  });
  return { startedAt: '2026-11-24T00:00:00.000Z', whole: true, commit: 'c0ffee', machine: '2 x cores', figures: all };
}

const processes = { api: 6, worker: 18, temporal: 30, postgres: 27 };
const whole = {
  'store-file declined.cpuMs.postgres': 3,
  'store-file paid.cpuMs.postgres': 5,
  'store-file alone.checkoutMs': 30,
  'store-file alone.webhookMs': 15,
  'store-postgres alone.checkoutMs': 50,
  'store-postgres alone.webhookMs': 30,
  ...Object.fromEntries(
    Object.entries(processes).flatMap(([name, ms]) => [
      [`store-postgres declined.cpuMs.${name}`, ms],
      [`store-postgres paid.cpuMs.${name}`, 2 * ms],
    ]),
  ),
};

describe('the capacity model', () => {
  it('reads its figures from the results of the benchmark', () => {
    const { cpuMs: read, shardWriteMs, assumed } = readMeasured(results(whole));
    expect(read.declined).toEqual(cpuMs);
    expect(read.paid).toEqual({ api: 12, worker: 36, temporal: 60, storePostgres: 5, temporalPostgres: 49 });
    expect(shardWriteMs).toBe((80 - 45) / 7);
    expect(assumed).toEqual(['notifyMs', 'rowMs', 'storedBytesAnOrder', 'walBytesACommit', 'walBytesAShardWrite']);
  });

  it('prefers what was measured of Postgres to what it assumes', () => {
    const limits = {
      'plain limits.notifyPerSecond': 2000,
      'plain limits.rowPerSecond': 1000,
      'store-grown limits.storedBytesAnOrder': 2000,
      'store-file limits.declinedWalBytes': 6000,
      'store-postgres limits.declinedWalBytes': 66_000,
    };
    const { source: _source, cpuMs: _cpuMs, ...read } = readMeasured(results({ ...whole, ...limits }));
    const { notifyMs, rowMs, storedBytesAnOrder, walBytesACommit, walBytesAShardWrite } = measured;
    expect(read).toMatchObject({ notifyMs, rowMs, storedBytesAnOrder, walBytesACommit, walBytesAShardWrite });
    expect(read.assumed).toEqual([]);
  });

  it('names a figure that it lacks', () => {
    expect(() => readMeasured(results({}))).toThrow('no declined.cpuMs.postgres of store-file: run `make bench` whole');
  });

  it('adds up what an order costs', () => {
    const { declined, paid } = orderCosts(measured, histories);
    // Three calls of the api; three tasks, a Query and an activity, each polled for and answered.
    expect(declined.requests).toBe(3 + 2 * (3 + 1 + 1));
    expect(paid.requests).toBe(3 + 2 * (2 * 3 + 1 + 2) + 3);
    expect([declined.shardWrites, paid.shardWrites]).toEqual([10, 23]);
    expect([declined.commits, declined.notifications, declined.rowHolds]).toEqual([2, 1, 2]);
    expect([paid.commits, paid.notifications, paid.rowHolds]).toEqual([12, 11, 1]);
    expect(mixed({ declined, paid }, 0.5).notifications).toBe(6);
  });

  it('says what a rate needs', () => {
    const cost = orderCosts(measured, histories).declined;
    expect(planFor(1000, { cost, measured })).toEqual({
      ordersPerSecond: 1000,
      apiProcesses: 10,
      workerProcesses: 30,
      temporalCores: 50,
      // 13,000 requests a second at 60 % of 2,400.
      frontends: 10,
      // 10,000 writes of 3 ms are 30 shards' time; a hundred at 30 %.
      historyShards: 128,
      storePostgresCores: 5,
      temporalPostgresCores: 40,
      storeWalMbPerSecond: 6,
      temporalWalMbPerSecond: 60,
      storeGbADay: 172.8,
      temporalGbKept: (1000 * 8000 * 86_400 * 7) / 1e9,
    });
  });

  it('finds the limit that comes first', () => {
    const cost = orderCosts(measured, histories).paid;
    const limits = limitsOf({ cost, measured });
    const of = (name: string): number | undefined => limits.find((limit) => limit.name === name)?.ordersPerSecond;
    expect(of("NOTIFY's lock")).toBeCloseTo(2000 / 11);
    expect(of('one hot product')).toBe(1000);
    expect(of('history shards')).toBeCloseTo(512_000 / 3 / 23);
    expect(of("the store's Postgres, one server")).toBeCloseTo((32 * 0.6 * 1000) / 3);
    const rates = limits.map(({ ordersPerSecond }) => ordersPerSecond);
    expect(rates).toEqual(rates.toSorted((one, other) => one - other));
  });
});

describe('the cost of a history', () => {
  it('counts what the server writes, and not what is written with it', () => {
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
      events: 12,
      workflowTasks: 2,
      activityTasks: 0,
      // Start, two tasks of two writes each, the signal.
      shardWrites: 6,
      visibilityWrites: 3,
      // Marker, timer, signal, search attributes.
      actions: 4,
    });
  });
});

function camelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}

describe('the report', () => {
  it('has every table', () => {
    const report = capacityReport(measured, histories, { seed: 1, seconds: 1, rates: [100] });
    for (const head of ['| an order |', '| 80 % of orders paid |', '| limit |', '| simulated |']) {
      expect(report).toContain(head);
    }
    expect(report).not.toMatch(/NaN|undefined|Infinity/);
  });
});
