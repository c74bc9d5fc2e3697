import { OpenAPIHono } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { Logger, PayloadCodec, Tracing } from '@widget-store/runtime';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { except } from 'hono/combine';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Checkouts } from './runs/checkouts';
import { allowOrigins, allowWebUi, browserRules } from './middleware/headers';
import { openApiDocument, registerSecurity } from './openapi/document';
import type { Operations } from './operations/operations';
import type { ApiMetrics } from './metrics';
import { observe } from './middleware/observe';
import type { Payments } from './runs/payments';
import { Problem, type ProblemCode, problemKinds, problemOf, problemResponse } from './problem';
import { rateLimit, type RateLimits } from './middleware/rateLimit';
import { requireAdmin } from './middleware/requireAdmin';
import { checkoutRoutes } from './routes/checkout';
import { codecPath, codecRoutes, isCodecPath } from './routes/codec';
import { type CrashDeps, crashRoutes } from './routes/crash';
import { docsRoutes } from './routes/docs';
import { documentedHealthRoutes } from './routes/health';
import { operationRoutes } from './routes/operations';
import { type OrderActionRoutesDeps, orderActionRoutes } from './routes/orderActions';
import { orderEventRoutes, type OrderEventRoutesDeps } from './routes/orderEvents';
import { orderRoutes } from './routes/orders';
import { paymentWebhookRoutes } from './routes/paymentWebhook';
import { productRoutes } from './routes/product';
import { settingsRoutes } from './routes/settings';
import { storefrontRoutes } from './routes/storefront';
import { stripeWebhookRoutes } from './routes/stripeWebhook';
import type { StripeVerifier } from './webhooks/stripeSignature';
import type { SettingsBody } from './openapi/schemas';
import { stripeWebhookPath } from './webhooks/webhookPaths';
import type { WebhookVerifier } from './webhooks/webhookSignature';

const maxBodyBytes = 20 * 1024;
/** Nothing here reads a body of theirs. */
const bodyless = new Set(['GET', 'HEAD']);
/** No path of ours is as long; others are as long as a client likes. */
const mostLoggedOfAPath = 300;
/** An event of Stripe has the whole object that it is about: a few KB, with all that may be in it some tens. */
const maxStripeEventBytes = 256 * 1024;

export interface AppDeps extends Omit<OrderActionRoutesDeps, 'admin'>, Pick<OrderEventRoutesDeps, 'orderWatches'> {
  checkouts: Checkouts;
  payments: Payments;
  store: Store;
  operations: Operations;
  verifier: WebhookVerifier;
  /** Undefined when Stripe does not take the payments: then its route does not exist. */
  stripe: StripeVerifier | undefined;
  /** Demo mode: payments are also taken unsigned, on the word of whoever knows the payment id. */
  acceptUnsigned: boolean;
  /** Of admin calls; undefined in demo mode, where everybody may make them. */
  adminToken: string | undefined;
  rateLimits: RateLimits;
  /** Origins whose pages may call the api; empty for none but our own. */
  corsOrigins: string[];
  log: Logger;
  /** Undefined when traces go nowhere. */
  tracing: Tracing | undefined;
  metrics: ApiMetrics;
  /** Each resolves when its dependency works; `GET /readyz` names those that do not. */
  dependencies: Record<string, () => Promise<unknown>>;
  /** The crash button; undefined outside demo mode, where its route does not exist. */
  crash: CrashDeps | undefined;
  /** For the Temporal Web UI; undefined when nothing is encrypted, and its routes do not exist. */
  codec: PayloadCodec | undefined;
  /** The Temporal Web UI, whose pages may call the codec; undefined when nobody said where it is. */
  temporalUiUrl: string | undefined;
  /** The store as shoppers reach it, without a slash at its end. */
  publicUrl: string;
  settings: SettingsBody;
  /** Folder of the built storefront. */
  storefrontRoot: string;
}

/** The whole HTTP surface of the store. */
export function createApp(deps: AppDeps) {
  const { store, log, dependencies, crash, storefrontRoot } = deps;
  const app = new OpenAPIHono();
  const admin = requireAdmin(deps.adminToken);
  app.use(observe(deps));
  app.use(browserRules());
  const { codec, temporalUiUrl } = deps;
  if (codec && temporalUiUrl) app.use(`${codecPath}*`, allowWebUi(temporalUiUrl));
  if (deps.corsOrigins.length > 0) app.use(except(`${codecPath}*`, allowOrigins(deps.corsOrigins)));
  app.use(rateLimit(deps.rateLimits));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));
  app.use(limitBodies(deps));
  app.notFound((c) => problemResponse(new Problem('not_found', 'There is nothing here.'), requestOf(c)));
  app.onError((error, c) => {
    const problem = problemOf(error, c.req.raw);
    tellFailure(log, { problem, error, path: c.req.path.slice(0, mostLoggedOfAPath) });
    return problemResponse(problem, requestOf(c));
  });
  registerSecurity(app);
  const routes = app
    .route('/', documentedHealthRoutes(dependencies))
    .route('/', checkoutRoutes(deps))
    .route('/', paymentWebhookRoutes(deps))
    .route('/', orderRoutes({ store, admin }))
    .route('/', orderEventRoutes(deps))
    .route('/', orderActionRoutes({ ...deps, admin }))
    .route('/', productRoutes({ store, admin }))
    .route('/', settingsRoutes(deps.settings))
    .route('/', operationRoutes({ ...deps, admin }))
    .route(
      '/',
      docsRoutes(() => openApiDocument(app)),
    )
    .route('/', storefrontRoutes(storefrontRoot));
  const { stripe, payments, metrics } = deps;
  if (codec !== undefined) app.route('/', codecRoutes({ codec, admin }));
  if (stripe !== undefined) app.route('/', stripeWebhookRoutes({ verifier: stripe, payments, metrics }));
  if (crash !== undefined) app.route('/', crashRoutes({ ...crash, admin }));
  return routes;
}

export type AppType = ReturnType<typeof createApp>;

/** A limit reads the body of whoever says no length, so a large one stands only where somebody may send that much. */
function limitBodies({ stripe, codec }: Pick<AppDeps, 'stripe' | 'codec'>): MiddlewareHandler {
  const limit = bodyLimit({ maxSize: maxBodyBytes });
  const stripeLimit = bodyLimit({ maxSize: maxStripeEventBytes });
  return (c, next) => {
    const { method, path } = c.req;
    // Looking for a body makes a whole Request of what is cheap to read otherwise.
    if (bodyless.has(method)) return next();
    // Theirs is the codec routes' own, behind the admin token.
    if (codec !== undefined && isCodecPath(path)) return next();
    return (stripe !== undefined && path === stripeWebhookPath ? stripeLimit : limit)(c, next);
  };
}

function requestOf(c: Context) {
  return { instance: c.req.path, requestId: c.var.requestId };
}

/** A gateway that has the secret and yet says what cannot be: somebody has to look at it. */
const refusedWebhooks: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'webhook_invalid',
  'webhook_path_mismatch',
  'webhook_mode_mismatch',
  'webhook_amount_mismatch',
]);

/** What is the client's own doing stands in no line of the log, nor what is shed: that is counted, and comes in crowds. */
function tellFailure(log: Logger, { problem, error, path }: { problem: Problem; error: Error; path: string }): void {
  const { code } = problem;
  if (code === 'overloaded') return;
  if (code === 'internal') log.error({ code, err: error, path }, 'a request failed');
  else if (problemKinds[code].status === 503)
    log.warn({ code, reason: error.message, path }, 'a request was answered 503');
  else if (refusedWebhooks.has(code)) log.warn({ code, reason: error.message, path }, 'a webhook was refused');
}

function refuseMethod(c: Context, allowed: string[]): Response {
  const detail = `${c.req.method} is not possible here; ${allowed.join(', ')} is.`;
  const problem = new Problem('method_not_allowed', detail, { Allow: allowed.join(', ') });
  return problemResponse(problem, requestOf(c));
}
