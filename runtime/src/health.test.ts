import { healthRoutes } from './health';

const works = () => Promise.resolve();
const fails = () => Promise.reject(new Error('connection refused'));
const hangs = () => new Promise<void>(() => {});

describe('health', () => {
  it('is alive while its dependencies fail', async () => {
    const app = healthRoutes({ postgres: fails }, { deadlineMs: 10 });
    const response = await app.request('/healthz');
    expect([response.status, await response.json()]).toEqual([200, { alive: true }]);
  });

  it('is ready when every dependency works', async () => {
    const app = healthRoutes({ postgres: works, temporal: works }, { deadlineMs: 1000 });
    const response = await app.request('/readyz');
    expect([response.status, await response.json()]).toEqual([200, { ready: true, missing: [] }]);
  });

  it('logs why a dependency is missing, and repeats the reason only if the dependency worked in between', async () => {
    const reasons = ['standby', 'standby', undefined, 'standby'];
    const check = async () => {
      const reason = reasons.shift();
      if (reason !== undefined) throw new Error(reason);
    };
    const warn = jest.fn();
    const app = healthRoutes({ postgres: check }, { log: { warn } });
    const statuses: number[] = [];
    while (reasons.length > 0) statuses.push((await app.request('/readyz')).status);
    expect(statuses).toEqual([503, 503, 200, 503]);
    const logged = [{ missing: 'postgres', reason: 'standby' }, 'not ready'];
    expect(warn.mock.calls).toEqual([logged, logged]);
  });

  it('has started once its dependency has worked, even if the dependency fails later', async () => {
    const outcomes = [fails, works, fails];
    const app = healthRoutes({ postgres: () => outcomes.shift()?.() ?? fails() }, { deadlineMs: 1000 });
    const statuses: number[] = [];
    for (const path of ['/startupz', '/startupz', '/startupz', '/readyz']) {
      statuses.push((await app.request(path)).status);
    }
    expect(statuses).toEqual([503, 200, 200, 503]);
  });

  it('names the dependency that fails and the one that does not answer', async () => {
    const app = healthRoutes({ postgres: fails, other: works, temporal: hangs }, { deadlineMs: 10 });
    const response = await app.request('/readyz');
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('1');
    expect(await response.json()).toEqual({ ready: false, missing: ['postgres', 'temporal'] });
  });
});
