import { OpenAPIHono } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { Logger } from '@widget-store/runtime';
import type { PayloadCodec } from '@widget-store/runtime/temporal';
import type { Tracing } from '@widget-store/runtime/tracing';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { except } from 'hono/combine';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { ApiMetrics } from './metrics';
import { createClientAddress } from './middleware/clientAddress';
import { allowOrigins, allowWebUi, securityHeaders } from './middleware/headers';
import { observe } from './middleware/observe';
import { rateLimit, type RateLimits } from './middleware/rateLimit';
import { requireAdmin } from './middleware/requireAdmin';
import { trace } from './middleware/trace';
import { openApiDocument, registerSecurity } from './openapi/document';
import type { SettingsBody } from './openapi/schemas';
import type { OperationsContext } from './operations/readRun';
import type { OperatorToken } from './operators';
import { Problem, type ProblemCode, problemKinds, problemResponse, toProblem } from './problem';
import { buyerRoutes } from './routes/buyers';
import { checkoutRoutes } from './routes/checkout';
import { codecPath, codecRoutes, isCodecPath } from './routes/codec';
import { type CrashDeps, crashRoutes } from './routes/crash';
import { docsRoutes } from './routes/docs';
import { documentedHealthRoutes } from './routes/health';
import { operationRoutes } from './routes/operations';
import { orderActionRoutes } from './routes/orderActions';
import { orderEventRoutes } from './routes/orderEvents';
import { orderSearchRoutes } from './routes/orderSearch';
import { orderRoutes } from './routes/orders';
import { type PaymentWebhookDeps, paymentWebhookRoutes } from './routes/paymentWebhook';
import { outgoingEventRoutes } from './routes/outgoingEvents';
import { productRoutes } from './routes/product';
import { productChangeRoutes } from './routes/productChanges';
import { refundRoutes } from './routes/refunds';
import { returnRoutes } from './routes/returns';
import { sandboxWebhookRoutes } from './routes/sandboxWebhook';
import { settingsRoutes } from './routes/settings';
import { shipmentRoutes } from './routes/shipments';
import { stockRoutes } from './routes/stock';
import { stockFileRoutes } from './routes/stockFile';
import { storefrontRoutes, unknownPage } from './routes/storefront';
import type { RunsContext } from './runs/context';
import type { OrderWatches } from './watches/orderWatches';
import type { GatewayWebhook } from './webhooks/gatewayWebhook';

const maxBodyBytes = 20 * 1024;
const methodsWithoutBody = new Set(['GET', 'HEAD']);
/** Longer paths are truncated in the log. All routes have shorter paths. */
const maxLoggedPathLength = 300;

export interface AppDeps extends Pick<PaymentWebhookDeps, 'webhookSecrets' | 'acceptUnsigned'> {
  runs: RunsContext;
  /** The address of the front end, without a slash at its end. `runs.publicUrl` if it is the store's own front end. */
  storefrontUrl: string;
  operations: OperationsContext;
  store: Store;
  orderWatches: OrderWatches;
  /**
   * Undefined if the payment gateway is the sandbox, because the app always has the routes of the sandbox's webhooks.
   */
  gatewayWebhook: GatewayWebhook | undefined;
  /** Undefined in demo mode, in which admin calls need no token. */
  operators: OperatorToken[] | undefined;
  rateLimits: RateLimits;
  /** The origins, besides the store's own, whose pages can call the api. */
  corsOrigins: string[];
  /** The origins, besides the store's own, at which pictures of products can be. */
  imageOrigins: string[];
  log: Logger;
  /** Undefined if tracing is off. */
  tracing: Tracing | undefined;
  metrics: ApiMetrics;
  /** Each check rejects if its dependency does not work. `GET /readyz` names these dependencies. */
  dependencies: Record<string, () => Promise<unknown>>;
  /** Undefined outside demo mode. The app then has no crash routes. */
  crash: CrashDeps | undefined;
  /**
   * Encrypts and decrypts payloads for the Temporal Web UI and CLI. Undefined if `PAYLOAD_ENCRYPTION_KEYS` is not set.
   * The app has no codec routes in this case.
   */
  codec: PayloadCodec | undefined;
  settings: SettingsBody;
  /** The folder of the built storefront. */
  storefrontRoot: string;
}

/** Creates the app with all HTTP routes of the store. */
export function createApp(deps: AppDeps) {
  const { runs, store, log, crash, storefrontUrl } = deps;
  const storefront = {
    root: deps.storefrontRoot,
    otherUrl: storefrontUrl === runs.publicUrl ? undefined : storefrontUrl,
  };
  const app = new OpenAPIHono();
  const admin = requireAdmin(deps.operators);
  const clientOf = createClientAddress({ ...deps.rateLimits, log });
  const logFailure = createFailureLog(log);
  app.use(observe(deps.metrics));
  if (deps.tracing) app.use(trace(deps.tracing));
  app.use(securityHeaders(deps.imageOrigins));
  const { codec, operations } = deps;
  const { url: webUiUrl } = operations.webUi;
  if (codec && webUiUrl) app.use(`${codecPath}*`, allowWebUi(webUiUrl));
  if (deps.corsOrigins.length > 0) app.use(except(`${codecPath}*`, allowOrigins(deps.corsOrigins)));
  app.use(rateLimit(deps.rateLimits, clientOf));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));
  app.use(limitBodies(deps));
  app.notFound(async (c) => (await unknownPage(c, storefront)) ?? problemResponse(notFound(), requestOf(c)));
  app.onError((error, c) => {
    const problem = toProblem(error, c.req.raw);
    logFailure({ problem, error, path: c.req.path.slice(0, maxLoggedPathLength) });
    return problemResponse(problem, requestOf(c));
  });
  registerSecurity(app);
  app.route('/', storefrontRoutes(storefront));
  const routes = app
    .route('/', documentedHealthRoutes(deps))
    .route('/', checkoutRoutes({ runs, storefrontUrl }))
    .route('/', paymentWebhookRoutes(deps))
    .route('/', sandboxWebhookRoutes(deps))
    .route('/', orderRoutes({ store, admin }))
    .route('/', orderEventRoutes({ ...deps, clientOf }))
    .route('/', orderActionRoutes({ runs, store, admin }))
    .route('/', refundRoutes({ runs, store, admin }))
    .route('/', returnRoutes({ store, admin }))
    .route('/', shipmentRoutes({ store, admin }))
    .route('/', productRoutes({ store }))
    .route('/', productChangeRoutes({ ...deps, admin }))
    .route('/', stockRoutes({ store, admin }))
    .route('/', stockFileRoutes({ store, admin }))
    .route('/', settingsRoutes(deps.settings))
    .route('/', orderSearchRoutes({ store, admin }))
    .route('/', operationRoutes({ operations, store, admin }))
    .route('/', outgoingEventRoutes({ store, admin }))
    .route('/', buyerRoutes({ store, admin, log }))
    .route(
      '/',
      docsRoutes(() => openApiDocument(app)),
    );
  const { gatewayWebhook } = deps;
  if (codec !== undefined) app.route('/', codecRoutes({ codec, admin }));
  if (gatewayWebhook !== undefined) app.route('/', gatewayWebhook.routes(runs));
  if (crash !== undefined) app.route('/', crashRoutes({ ...crash, admin }));
  return routes;
}

export type AppType = ReturnType<typeof createApp>;

/**
 * Limits the size of request bodies. `bodyLimit` keeps a body without `Content-Length` in memory, so only routes that
 * need large bodies have a high limit.
 */
function limitBodies({ gatewayWebhook, codec }: Pick<AppDeps, 'gatewayWebhook' | 'codec'>): MiddlewareHandler {
  const limit = bodyLimit({ maxSize: maxBodyBytes });
  const eventLimit = bodyLimit({ maxSize: gatewayWebhook?.maxBodyBytes ?? maxBodyBytes });
  return (c, next) => {
    const { method, path } = c.req;
    // GET and HEAD requests skip `bodyLimit`, because `bodyLimit` creates a whole `Request` object, which is expensive.
    if (methodsWithoutBody.has(method)) return next();
    // The codec routes have their own limit, which they apply after the check of the admin token.
    if (codec !== undefined && isCodecPath(path)) return next();
    return (path === gatewayWebhook?.path ? eventLimit : limit)(c, next);
  };
}

function requestOf(c: Context) {
  return { instance: c.req.path, requestId: c.var.requestId };
}

function notFound(): Problem {
  return new Problem('not_found', 'There is nothing here.');
}

/** The problems with which the store refuses a correctly signed webhook. An operator must look at such a webhook. */
const refusedWebhooks: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'webhook_invalid',
  'webhook_path_mismatch',
  'webhook_mode_mismatch',
  'webhook_amount_mismatch',
]);

/** Anybody can send unsigned webhooks, so the log gets a line only once a minute. */
const unauthorizedLogEveryMs = 60_000;

/**
 * Logs no client errors, except refused payments and refused webhooks. Does not log the requests that the store refused
 * because of overload: there are many of them, and the metrics count them.
 */
function createFailureLog(log: Logger) {
  let lastUnauthorizedMs = Number.NEGATIVE_INFINITY;
  return ({ problem, error, path }: { problem: Problem; error: Error; path: string }): void => {
    const { code } = problem;
    if (code === 'webhook_unauthorized') {
      if (performance.now() - lastUnauthorizedMs < unauthorizedLogEveryMs) return;
      lastUnauthorizedMs = performance.now();
      log.warn({ code, reason: error.message, path }, 'a webhook was refused, and more can follow without a line');
    } else logOtherFailure(log, { problem, error, path });
  };
}

function logOtherFailure(
  log: Logger,
  { problem, error, path }: { problem: Problem; error: Error; path: string },
): void {
  const { code } = problem;
  if (code === 'overloaded') return;
  if (code === 'internal') log.error({ code, err: error, path }, 'a request failed');
  else if (problemKinds[code].status === 503)
    log.warn({ code, reason: error.message, path }, 'a request was answered with 503');
  else if (code === 'payment_refused') log.error({ code, path }, 'the payment gateway refuses a payment');
  else if (refusedWebhooks.has(code)) log.warn({ code, reason: error.message, path }, 'a webhook was refused');
}

function refuseMethod(c: Context, allowed: string[]): Response {
  const detail = `This address does not support ${c.req.method}. Supported: ${allowed.join(', ')}.`;
  const problem = new Problem('method_not_allowed', detail, { Allow: allowed.join(', ') });
  return problemResponse(problem, requestOf(c));
}
