import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { problems, textResponse } from '../openapi/responses';

export interface CrashDeps {
  /** Asks the worker's own port to end the worker; rejects when the worker is away. */
  crashWorker: () => Promise<unknown>;
  /** Ends this process at once. */
  crashApi: () => void;
}

const crash = createRoute({
  method: 'post',
  path: '/crash_application',
  operationId: 'crash',
  summary: 'End the api and the worker at once, with status 1',
  description: 'There in demo mode only. A supervisor brings both back, and every order goes on where it stood.',
  tags: ['operations'],
  responses: { 200: textResponse(z.literal('crashing'), 'They end'), ...problems() },
});

/** The crash button of the demonstration: the worker and the api exit with status 1, and their supervisor restarts them. */
export function crashRoutes({ crashWorker, crashApi }: CrashDeps) {
  return new OpenAPIHono().openapi(crash, async (c) => {
    // A worker that is away already is no reason to survive.
    await crashWorker().catch(() => {});
    setImmediate(crashApi);
    return c.text('crashing', 200);
  });
}
