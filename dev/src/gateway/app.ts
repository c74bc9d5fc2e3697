import { healthRoutes, type Logger } from '@widget-store/runtime';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { requireBearer } from './bearer';
import { dashboardRoutes } from './dashboardRoutes';
import { pageRoutes } from './pageRoutes';
import { paymentRoutes, type PaymentRoutesDeps } from './paymentRoutes';
import { Problem, problemResponse, toProblem } from './problem';
import { sandboxRoutes } from './sandboxRoutes';

/** The store sends up to 70 line items. Most of their names can have 200 characters of four bytes. */
const maxBodyBytes = 64 * 1024;

export interface GatewayDeps extends PaymentRoutesDeps {
  /** The key that the shop's servers send as a bearer token. */
  apiKey: string;
  log: Logger;
}

export function createGateway({ ledger, publicUrl, apiKey, log }: GatewayDeps) {
  const app = new Hono();
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));
  app.use(secureHeaders());
  app.use(bodyLimit({ maxSize: maxBodyBytes }));
  app.notFound((c) => problemResponse(new Problem('not_found', 'There is nothing here.'), c.req.path));
  app.onError((error, c) => {
    const problem = toProblem(error);
    if (problem.code === 'internal') log.error({ err: error, path: c.req.path }, 'a request failed');
    return problemResponse(problem, c.req.path);
  });
  app.use('/v1/*', requireBearer(apiKey));
  app.use('/sandbox/*', requireBearer(apiKey));
  return app
    .route('/', healthRoutes({ ledger: () => ledger.ready() }))
    .route('/', paymentRoutes({ ledger, publicUrl }))
    .route('/', sandboxRoutes({ ledger, publicUrl }))
    .route('/', pageRoutes(ledger))
    .route('/', dashboardRoutes(ledger));
}

function refuseMethod(c: { req: { path: string; method: string } }, allowed: string[]): Response {
  const detail = `This address does not support ${c.req.method}. Supported: ${allowed.join(', ')}.`;
  const response = problemResponse(new Problem('method_not_allowed', detail), c.req.path);
  response.headers.set('Allow', allowed.join(', '));
  return response;
}
