import { OpenAPIHono, z } from '@hono/zod-openapi';
import { healthRoutes } from '@widget-store/runtime';
import { jsonResponse } from '../openapi/responses';

const readiness = z.object({ ready: z.boolean(), missing: z.array(z.string()) }).openapi('Readiness');
const retryAfter = {
  'Retry-After': { description: 'Seconds until another try', schema: { type: 'integer' } },
} as const;

/** The health routes that every program of ours has, with their description. */
export function documentedHealthRoutes(dependencies: Record<string, () => Promise<unknown>>) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/healthz',
    operationId: 'alive',
    summary: 'Whether the process is alive',
    tags: ['operations'],
    responses: { 200: jsonResponse(z.object({ alive: z.literal(true) }), 'It is') },
  });
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/readyz',
    operationId: 'ready',
    summary: 'Whether Postgres and Temporal answer',
    tags: ['operations'],
    responses: {
      200: jsonResponse(readiness, 'Both do'),
      503: jsonResponse(readiness, 'These do not', retryAfter),
    },
  });
  return app.route('/', healthRoutes({ dependencies, deadlineMs: 2000 }));
}
