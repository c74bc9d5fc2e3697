import { Hono } from 'hono';

/** A check resolves when its dependency works and rejects when it does not. */
type HealthChecks = Record<string, () => Promise<unknown>>;

/** A dependency that does not answer within this time counts as missing. */
const defaultDeadlineMs = 2000;

/**
 * `GET /healthz` responds with 200 while the process is alive. `GET /readyz` checks every dependency. It responds with 200 if all
 * work, and otherwise with 503 and the names of the missing ones: `{"ready": false, "missing": ["temporal"]}`.
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
