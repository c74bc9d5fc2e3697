import type { TemporalClient } from '@widget-store/runtime';
import { ensureSchedule } from './schedule';

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
  it('retries while Temporal refuses, logs it once, and ends with the process', async () => {
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
