import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { adminOnly } from '../openapi/document';
import { otherwise, problems, textResponse } from '../openapi/responses';
import { Problem } from '../problem';

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

const crashOne = createRoute({
  method: 'post',
  path: '/ops/crash/{process}',
  operationId: 'crashOne',
  summary: 'End the api or the worker at once, with status 1',
  description: 'There in demo mode only. A supervisor brings it back.',
  tags: ['operations'],
  security: adminOnly,
  request: { params: z.object({ process: z.enum(['api', 'worker']).openapi({ example: 'worker' }) }) },
  responses: {
    200: textResponse(z.literal('crashing'), 'It ends'),
    ...problems('not_found', 'admin_token_missing', 'admin_token_wrong', 'temporal_unavailable'),
  },
});

/** The crash button of the demonstration: the worker and the api exit with status 1, and their supervisor restarts them. */
export function crashRoutes({ crashWorker, crashApi, admin }: CrashDeps & { admin: MiddlewareHandler }) {
  return new OpenAPIHono()
    .openapi(crash, async (c) => {
      // A worker that is away already is no reason to survive.
      await crashWorker().catch(() => {});
      setImmediate(crashApi);
      return c.text('crashing', 200);
    })
    .openapi(
      { ...crashOne, middleware: admin },
      async (c) => {
        if (c.req.valid('param').process === 'api') setImmediate(crashApi);
        else await crashWorker().catch(tellWorkerAway);
        return c.text('crashing', 200);
      },
      otherwise('not_found', 'Only the api and the worker can be made to crash.'),
    );
}

function tellWorkerAway(): never {
  throw new Problem('temporal_unavailable', 'The worker does not answer: it is down already.');
}
