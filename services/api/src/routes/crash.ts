import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { adminOnly } from '../openapi/document';
import { adminProblems, onInvalid, problems, textResponse } from '../openapi/responses';
import { Problem } from '../problem';

export interface CrashDeps {
  /** Ends the worker by a call to its HTTP port. Rejects if the worker does not answer. */
  crashWorker: () => Promise<unknown>;
  /** Ends this process immediately. */
  crashApi: () => void;
}

const crash = createRoute({
  method: 'post',
  path: '/crash_application',
  operationId: 'crash',
  summary: 'Crash the api and the worker',
  description:
    'Exists only in demo mode. Both processes exit at once with status 1. A supervisor restarts both, and every order continues where it stopped.',
  tags: ['operations'],
  responses: { 200: textResponse(z.literal('crashing'), 'Both processes end'), ...problems() },
});

const crashOne = createRoute({
  method: 'post',
  path: '/ops/crash/{process}',
  operationId: 'crashOne',
  summary: 'Crash the api or the worker',
  description: 'Exists only in demo mode. The process exits at once with status 1. A supervisor restarts it.',
  tags: ['operations'],
  security: adminOnly,
  request: { params: z.object({ process: z.enum(['api', 'worker']).openapi({ example: 'worker' }) }) },
  responses: {
    200: textResponse(z.literal('crashing'), 'The process ends'),
    ...problems('not_found', ...adminProblems, 'temporal_unavailable'),
  },
});

/**
 * The routes of the crash buttons. The worker and the api exit with status 1, and their supervisor restarts them.
 */
export function crashRoutes({ crashWorker, crashApi, admin }: CrashDeps & { admin: MiddlewareHandler }) {
  return new OpenAPIHono()
    .openapi(crash, async (c) => {
      // The api crashes even if the worker is already down.
      await crashWorker().catch(() => {});
      setImmediate(crashApi);
      return c.text('crashing', 200);
    })
    .openapi(
      { ...crashOne, middleware: admin },
      async (c) => {
        if (c.req.valid('param').process === 'api') setImmediate(crashApi);
        else await crashWorker().catch(throwWorkerDown);
        return c.text('crashing', 200);
      },
      onInvalid('not_found', 'The process must be api or worker.'),
    );
}

function throwWorkerDown(): never {
  throw new Problem('temporal_unavailable', 'The worker does not answer. It is probably down already.');
}
