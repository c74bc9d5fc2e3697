import { createRegistry } from '@widget-store/runtime';
import type { TemporalClient } from '@widget-store/runtime/temporal';
import { createScheduleCheck, ensureSchedule } from './schedule';

const settings = {
  taskQueue: 'queue',
  reconcileEveryMs: 60_000,
  reconcileGraceMs: 30_000,
  publicUrl: 'http://127.0.0.1:9',
};

/** A client of a Temporal server that refuses every Schedule. */
function refusing(onRefusal: (count: number) => void) {
  let refusals = 0;
  const create = (): Promise<never> => {
    onRefusal(++refusals);
    return Promise.reject(new Error('permission denied'));
  };
  const schedules = { create, withDeadline: <T>(_deadline: number, work: () => Promise<T>) => work() };
  return { schedules } as unknown as Pick<TemporalClient, 'schedules'>;
}

describe('ensuring the schedule', () => {
  it('retries while Temporal refuses, logs the refusal once, and ends when `stop` is aborted', async () => {
    const stop = new AbortController();
    const warnings: string[] = [];
    const log = { warn: (_fields: object, message: string) => void warnings.push(message) };
    const temporal = refusing((count) => {
      if (count === 3) stop.abort();
    });
    await ensureSchedule(temporal, settings, { stop: stop.signal, log });
    expect(warnings).toEqual(['cannot start the reconciler yet; trying again']);
  });
});

describe('the check of the schedule', () => {
  /** @param states the state that each check reads; undefined for a Schedule that was deleted */
  function checking(states: ({ paused: boolean; note?: string } | undefined)[]) {
    const created: string[] = [];
    const logged: string[] = [];
    const describeSchedule = () => {
      const state = states.shift();
      const missing = Object.assign(new Error('gone'), { name: 'ScheduleNotFoundError' });
      return state === undefined ? Promise.reject(missing) : Promise.resolve({ state });
    };
    const schedules = {
      create: ({ scheduleId }: { scheduleId: string }) => Promise.resolve(created.push(scheduleId)),
      getHandle: () => ({ describe: describeSchedule }),
      withDeadline: <T>(_deadline: number, work: () => Promise<T>) => work(),
    };
    const registry = createRegistry();
    const write = (_fields: object, message: string) => void logged.push(message);
    const log = { info: write, warn: write } as never;
    const check = createScheduleCheck({ schedules } as never, settings, { log, registry });
    const paused = async () =>
      (await registry.getSingleMetric('widget_store_reconciler_paused')?.get())?.values[0]?.value;
    return { check, created, logged, paused };
  }

  it('creates a deleted Schedule again, and logs that', async () => {
    const { check, created, logged, paused } = checking([{ paused: false }, undefined, { paused: false }]);
    for (let look = 0; look < 3; look++) await check();
    expect(created).toEqual(['reconcile/queue']);
    expect(logged).toEqual(["the reconciler's Schedule was deleted; the worker has created it again"]);
    expect(await paused()).toBe(0);
  });

  it('reports a paused Schedule once, and leaves it paused', async () => {
    const { check, created, logged, paused } = checking([{ paused: true }, { paused: true }, { paused: false }]);
    await check();
    await check();
    expect([logged, created, await paused()]).toEqual([['the reconciler is paused'], [], 1]);
    await check();
    expect([logged.at(-1), await paused()]).toEqual(['the reconciler is no longer paused', 0]);
  });
});
