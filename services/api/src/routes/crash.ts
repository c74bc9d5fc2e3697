import { Hono } from 'hono';

export interface CrashDeps {
  /** Asks the worker's own port to end the worker; rejects when the worker is away. */
  crashWorker: () => Promise<unknown>;
  /** Ends this process at once. */
  crashApi: () => void;
}

/** The crash button of the demonstration: the worker and the api exit with status 1, and their supervisor restarts them. */
export function crashRoutes({ crashWorker, crashApi }: CrashDeps) {
  return new Hono().post('/crash_application', async (c) => {
    // A worker that is away already is no reason to survive.
    await crashWorker().catch(() => {});
    setImmediate(crashApi);
    return c.text('crashing');
  });
}
