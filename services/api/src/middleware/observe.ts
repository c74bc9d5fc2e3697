import { randomUUID } from 'node:crypto';
import { type Tracing, withLogFields } from '@widget-store/runtime';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { ApiMetrics } from '../metrics';
import { requestIdHeader, toProblem } from '../problem';

declare module 'hono' {
  interface ContextVariableMap {
    requestId: string;
  }
}

export interface ObserveDeps {
  tracing: Tracing | undefined;
  metrics: ApiMetrics;
}

const requestIdPattern = /^[A-Za-z0-9_.:=-]{1,100}$/;
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Gives every request an id: the value of `X-Request-Id`, or a new one if this header is absent or invalid. The log
 * lines and the response contain the id. Also counts the request in the metrics, and traces it with a span that
 * continues the caller's trace.
 */
export function observe({ tracing, metrics }: ObserveDeps): MiddlewareHandler {
  return async (c, next) => {
    const startedAtMs = performance.now();
    const given = c.req.header(requestIdHeader);
    const requestId = given !== undefined && requestIdPattern.test(given) ? given : randomUUID();
    c.set('requestId', requestId);
    await withLogFields({ requestId }, () =>
      tracing === undefined ? next() : traced(c, { tracing, requestId, next }),
    );
    c.res.headers.set(requestIdHeader, requestId);
    metrics.observe({
      // Clients can send any method, and each unknown one would create a new time series.
      method: knownMethods.has(c.req.method) ? c.req.method : 'other',
      route: routeOf(c),
      status: c.res.status,
      problem: c.error === undefined ? undefined : toProblem(c.error, c.req.raw).code,
      replayed: c.res.headers.has('Idempotent-Replayed'),
      seconds: (performance.now() - startedAtMs) / 1000,
    });
  };
}

function traced(
  c: Context,
  { tracing, requestId, next }: { tracing: Tracing; requestId: string; next: () => Promise<void> },
): Promise<void> {
  const { method } = c.req;
  const attributes = { 'http.request.method': method, 'http.request.header.x-request-id': requestId };
  return tracing.inSpan({ name: method, kind: 'server', attributes, headers: c.req.raw.headers }, async (span) => {
    await next();
    const route = routeOf(c);
    span.updateName(`${method} ${route}`);
    span.setAttributes({ 'http.route': route, 'http.response.status_code': c.res.status });
  });
}

/**
 * The template of the route, for the metrics and the span. The path of the request would have too many different
 * values.
 */
function routeOf(c: Context): string {
  return routePath(c, -1);
}
