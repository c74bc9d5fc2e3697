import { OpenAPIHono, z } from '@hono/zod-openapi';
import { healthRoutes } from '@widget-store/runtime';
import type { AppDeps } from '../app';
import { jsonResponse, retryAfterHeader } from '../openapi/responses';

const readiness = z.object({ ready: z.boolean(), missing: z.array(z.string()) }).openapi('Readiness');

/** The health routes that all programs have, with their OpenAPI description. */
export function documentedHealthRoutes({ dependencies, log }: Pick<AppDeps, 'dependencies' | 'log'>) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/healthz',
    operationId: 'alive',
    summary: 'Whether the process is alive',
    tags: ['operations'],
    responses: { 200: jsonResponse(z.object({ alive: z.literal(true) }), 'The process is alive') },
  });
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/readyz',
    operationId: 'ready',
    summary: 'Whether the process takes new requests, Postgres accepts writes, and Temporal accepts our runs',
    tags: ['operations'],
    responses: {
      200: jsonResponse(readiness, 'The process is ready'),
      503: jsonResponse(
        readiness,
        '`missing` names the dependencies that do not work, and `process` while the process stops',
        retryAfterHeader,
      ),
    },
  });
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/startupz',
    operationId: 'started',
    summary: 'Whether Postgres and Temporal have worked once since the process began',
    tags: ['operations'],
    responses: {
      200: jsonResponse(readiness, 'Both have worked. Later outages do not change this response'),
      503: jsonResponse(readiness, '`missing` names the dependencies that do not work yet', retryAfterHeader),
    },
  });
  return app.route('/', healthRoutes(dependencies, { log }));
}
