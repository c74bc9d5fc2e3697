import { Hono } from 'hono';

/** A check resolves when its dependency works and rejects when it does not. */
type HealthChecks = Record<string, () => Promise<unknown>>;

/** After this time a dependency that does not answer counts as missing. */
const defaultDeadlineMs = 2000;

/**
 * `GET /healthz` answers 200 while the process is alive. `GET /readyz` checks every dependency and answers 200, or 503 with the
 * names of those that are missing: `{"ready": false, "missing": ["temporal"]}`.
 */
export function healthRoutes(checks: HealthChecks, { deadlineMs = defaultDeadlineMs } = {}) {
  return new Hono()
    .get('/healthz', (c) => c.json({ alive: true }))
    .get('/readyz', async (c) => {
      const names = Object.keys(checks);
      const works = await Promise.all(Object.values(checks).map((check) => worksWithin(check(), deadlineMs)));
      const missing = names.filter((_name, index) => !works[index]);
      if (missing.length === 0) return c.json({ ready: true, missing });
      return c.json({ ready: false, missing }, 503, { 'Retry-After': '1' });
    });
}

async function worksWithin(check: Promise<unknown>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs);
  });
  const works = check.then(
    () => true,
    () => false,
  );
  return Promise.race([works, late]).finally(() => clearTimeout(timer));
}
