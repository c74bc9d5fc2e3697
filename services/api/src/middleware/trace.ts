import type { Tracing } from '@widget-store/runtime/tracing';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';

/** Gives every request a span that continues the caller's trace. `observe` must run first, because it sets the id. */
export function trace(tracing: Tracing): MiddlewareHandler {
  return async (c, next) => {
    const { method } = c.req;
    const attributes = { 'http.request.method': method, 'http.request.header.x-request-id': c.get('requestId') };
    await tracing.inSpan({ name: method, kind: 'server', attributes, headers: c.req.raw.headers }, async (span) => {
      await next();
      const route = routePath(c, -1);
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': c.res.status });
    });
  };
}
