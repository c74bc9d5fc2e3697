import { type Context, Hono } from 'hono';
import type { Logger } from './logger';

/** A check resolves if its dependency works, and rejects if it does not. */
type HealthChecks = Record<string, () => Promise<unknown>>;

interface HealthOptions {
  /** The log that gets a line when a dependency stops working, and when the reason changes. */
  log?: Pick<Logger, 'warn'>;
  /** A dependency that does not answer within this time is reported as missing. */
  deadlineMs?: number;
}

const defaultDeadlineMs = 2000;

/**
 * `GET /healthz` responds with 200 while the process is alive. `GET /readyz` checks every dependency. It responds with
 * 200 if all of them work, and otherwise with 503 and the names of the missing dependencies: `{"ready": false,
 * "missing": ["temporal"]}`. `GET /startupz` responds like `/readyz` until one check has found all dependencies
 * working, and then with 200 for the life of the process.
 */
export function healthRoutes(checks: HealthChecks, { log, deadlineMs = defaultDeadlineMs }: HealthOptions = {}) {
  const known = new Map<string, string | undefined>();
  const note = (name: string, reason: string | undefined): void => {
    if (reason !== undefined && reason !== known.get(name)) log?.warn({ missing: name, reason }, 'not ready');
    known.set(name, reason);
  };
  const findMissing = async (): Promise<string[]> => {
    const reasons = await Promise.all(Object.values(checks).map((check) => findReason(check(), deadlineMs)));
    const names = Object.keys(checks);
    names.forEach((name, index) => note(name, reasons[index]));
    return names.filter((_name, index) => reasons[index] !== undefined);
  };
  let wasReady = false;
  const respond = (c: Context, missing: string[]) => {
    wasReady ||= missing.length === 0;
    if (missing.length === 0) return c.json({ ready: true, missing });
    return c.json({ ready: false, missing }, 503, { 'Retry-After': '1' });
  };
  return new Hono()
    .get('/healthz', (c) => c.json({ alive: true }))
    .get('/readyz', async (c) => respond(c, await findMissing()))
    .get('/startupz', async (c) => respond(c, wasReady ? [] : await findMissing()));
}

/** Finds out why a dependency does not work. @returns undefined if it works */
async function findReason(check: Promise<unknown>, deadlineMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${deadlineMs} ms`), deadlineMs);
  });
  const reason = check.then(() => undefined, reasonOf);
  return Promise.race([reason, late]).finally(() => clearTimeout(timer));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Logs at the start of a program why a dependency does not work yet. (`/readyz` logs the reason only when
 * somebody requests it.)
 */
export function logMissing(check: Promise<unknown>, { log, name }: { log: Pick<Logger, 'warn'>; name: string }): void {
  check.catch((error: unknown) => log.warn({ missing: name, reason: reasonOf(error) }, 'not ready'));
}
