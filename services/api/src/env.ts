import {
  baseUrlVariable,
  EnvironmentError,
  millisecondsVariable,
  parseEnv,
  portVariable,
  publicUrlVariable,
  secretWeakness,
  webhookSecretVariable,
} from '@widget-store/runtime';
import { type ServiceEnv, serviceEnv, serviceVariables } from '@widget-store/runtime/serviceVariables';
import { defaultTaskQueue, type PaymentGatewayName, paymentGateways } from '@widget-store/contract';
import { z } from 'zod';
import type { RateLimits } from './middleware/rateLimit';
import { duplicateIssues, type OperatorToken, parseOperatorTokens, unnamedOperator } from './operators';
import { readStripeEnv } from './stripe/env';
import type { GatewayWebhookEnv } from './webhooks/gatewayWebhook';

/**
 * The settings of the api. In demo mode, the api has the crash button and accepts admin calls without a token. It also
 * accepts unsigned webhooks of the sandbox.
 */
export interface ApiEnv extends ServiceEnv {
  /** Undefined in demo mode, which needs no token. */
  operators: OperatorToken[] | undefined;
  rateLimits: RateLimits;
  /** The origins, besides the store's own, whose pages can call the api. */
  corsOrigins: string[];
  /** The https origins, besides the store's own, at which pictures of products can be. */
  imageOrigins: string[];
  port: number;
  /** The port of `GET /metrics`, which shoppers must not reach. Undefined if nothing scrapes the metrics. */
  metricsPort: number | undefined;
  paymentWindowMs: number;
  /** How long the api still accepts connections after `GET /readyz` has started to fail, in milliseconds. */
  shutdownNoticeMs: number;
  webhooks: WebhooksEnv;
  taskQueue: string;
  /**
   * The address at which people open the Temporal Web UI, without a slash at its end. Undefined if it is not
   * configured.
   */
  temporalUiUrl: string | undefined;
  /**
   * The address at which people open the sandbox gateway, without a slash at its end. Undefined if it is not
   * configured, or if the sandbox is not the payment gateway.
   */
  gatewayUrl: string | undefined;
  /** The address of the worker's own HTTP port. The crash button calls it. */
  workerUrl: string;
}

/** How webhooks are verified. The api accepts only webhooks of the gateway that `PAYMENT_GATEWAY` names. */
type WebhooksEnv =
  /** The secrets (`whsec_…`): the current one and, during a rotation, the previous one. Can be empty in demo mode. */
  { gateway: 'sandbox'; secrets: string[] } | GatewayWebhookEnv;

/** Origins in the form that browsers send, separated by commas: `https://shop.example,https://admin.example:8443`. */
const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .refine((list) => list.every(isOrigin), 'expected origins such as https://shop.example, separated by commas');

/** Operators, separated by commas: `name:token`, or `name:token:read` for an operator who may only read. */
const operatorTokens = z.string().transform((list, context) => {
  const operators = parseOperatorTokens(list);
  if (operators !== undefined) return operators;
  context.addIssue(
    'expected name:token or name:token:read, separated by commas; a name begins with a letter and has up to 40 lower-case letters, digits, ".", "_" or "-"; a token has no spaces, commas or colons',
  );
  return z.NEVER;
});

const tokenVariable = z.string().regex(/^[!-~]+$/, 'expected visible ASCII characters without spaces');

const variables = {
  ...serviceVariables,
  ADMIN_TOKEN: tokenVariable.optional(),
  ADMIN_TOKENS: operatorTokens.default([]),
  CORS_ORIGINS: origins.default([]),
  IMAGE_ORIGINS: origins
    .refine((list) => list.every((origin) => origin.startsWith('https:')), 'expected https origins')
    .default([]),
  GATEWAY_PUBLIC_URL: publicUrlVariable.optional(),
  METRICS_PORT: portVariable.optional(),
  PAYMENT_WINDOW_MS: millisecondsVariable.max(7 * 24 * 60 * 60 * 1000).default(15 * 60 * 1000),
  PAYMENT_WEBHOOK_SECRET: webhookSecretVariable.optional(),
  PAYMENT_WEBHOOK_SECRET_PREVIOUS: webhookSecretVariable.optional(),
  PAYMENT_GATEWAY: z.enum(paymentGateways).default('sandbox'),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
  SHUTDOWN_NOTICE_MS: z.coerce.number().int().min(0).max(60_000).default(0),
  STOREFRONT_TOKEN: tokenVariable.optional(),
  TEMPORAL_TASK_QUEUE: z.string().default(defaultTaskQueue),
  TEMPORAL_UI_URL: baseUrlVariable.optional(),
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
  WORKER_URL: z.url().default('http://127.0.0.1:3001'),
};

/**
 * @throws EnvironmentError that names the variables that are missing, invalid, too weak as a secret, or in conflict
 * with another variable
 */
export function readEnv(environment: Environment = process.env): ApiEnv {
  const env = parseEnv(environment, variables);
  validateCombinations(env);
  return {
    ...serviceEnv(env),
    operators: env.DEMO ? undefined : operatorsFrom(env),
    rateLimits: rateLimitsFrom(env),
    corsOrigins: corsOriginsFrom(env),
    imageOrigins: env.IMAGE_ORIGINS,
    port: env.PORT,
    metricsPort: env.METRICS_PORT,
    paymentWindowMs: env.PAYMENT_WINDOW_MS,
    shutdownNoticeMs: env.SHUTDOWN_NOTICE_MS,
    webhooks: readWebhooks[env.PAYMENT_GATEWAY](env, environment),
    taskQueue: env.TEMPORAL_TASK_QUEUE,
    temporalUiUrl: env.TEMPORAL_UI_URL,
    gatewayUrl: env.PAYMENT_GATEWAY === 'sandbox' ? env.GATEWAY_PUBLIC_URL : undefined,
    workerUrl: env.WORKER_URL,
  };
}

type Environment = Record<string, string | undefined>;
type Variables = z.output<z.ZodObject<typeof variables>>;

/** The pages of a front end on another origin can call the api. */
function corsOriginsFrom({ CORS_ORIGINS, STOREFRONT_URL }: Variables): string[] {
  return STOREFRONT_URL === undefined ? CORS_ORIGINS : [...CORS_ORIGINS, STOREFRONT_URL];
}

function rateLimitsFrom(env: Variables): RateLimits {
  return {
    perMinute: env.RATE_LIMIT_PER_MINUTE ?? (env.DEMO ? 60_000 : 600),
    trustedProxyHops: env.TRUSTED_PROXY_HOPS,
    storefrontToken: env.STOREFRONT_TOKEN,
  };
}

/** @throws EnvironmentError with every missing or weak secret, and every conflict between variables */
function validateCombinations(env: Variables): void {
  const issues = [...adminIssues(env), ...sandboxIssues(env)].filter((issue) => issue !== undefined);
  if (issues.length > 0) throw new EnvironmentError(issues.join('\n'));
}

type Issues = (string | undefined)[];

function adminIssues(env: Variables): Issues {
  if (env.DEMO) return [];
  return [
    env.ADMIN_TOKEN === undefined
      ? 'ADMIN_TOKEN is not set: only demo mode (DEMO=true) accepts admin calls without a token'
      : weakSecretIssue('ADMIN_TOKEN', [env.ADMIN_TOKEN]),
    ...env.ADMIN_TOKENS.map(({ name, token }) => weakSecretIssue(`ADMIN_TOKENS: the token of ${name}`, [token])),
    ...duplicateIssues(operatorsFrom(env)),
    ...storefrontIssues(env),
  ];
}

/** The host of the front end must not be able to make admin calls, so it needs a token that is no admin token. */
function storefrontIssues(env: Variables): Issues {
  const { STOREFRONT_TOKEN: token } = env;
  if (token === undefined) return [];
  return [
    weakSecretIssue('STOREFRONT_TOKEN', [token]),
    operatorsFrom(env).some((operator) => operator.token === token)
      ? 'STOREFRONT_TOKEN must differ from every admin token'
      : undefined,
  ];
}

function operatorsFrom({ ADMIN_TOKEN, ADMIN_TOKENS }: Variables): OperatorToken[] {
  return [...(ADMIN_TOKEN === undefined ? [] : [{ ...unnamedOperator, token: ADMIN_TOKEN }]), ...ADMIN_TOKENS];
}

/** Finds missing and weak secrets. */
function sandboxIssues(env: Variables): Issues {
  const { DEMO, PAYMENT_GATEWAY, PAYMENT_WEBHOOK_SECRET, PAYMENT_WEBHOOK_SECRET_PREVIOUS } = env;
  if (DEMO || PAYMENT_GATEWAY !== 'sandbox') return [];
  return [
    PAYMENT_WEBHOOK_SECRET === undefined
      ? 'PAYMENT_WEBHOOK_SECRET is not set: only demo mode (DEMO=true) accepts payment webhooks without a secret'
      : weakSecretIssue('PAYMENT_WEBHOOK_SECRET', readableForms(PAYMENT_WEBHOOK_SECRET)),
    PAYMENT_WEBHOOK_SECRET_PREVIOUS === undefined
      ? undefined
      : weakSecretIssue('PAYMENT_WEBHOOK_SECRET_PREVIOUS', readableForms(PAYMENT_WEBHOOK_SECRET_PREVIOUS)),
  ];
}

const sandboxWebhooks = (env: Variables): WebhooksEnv => ({
  gateway: 'sandbox',
  secrets: [env.PAYMENT_WEBHOOK_SECRET, env.PAYMENT_WEBHOOK_SECRET_PREVIOUS].filter((secret) => secret !== undefined),
});

/** Reads the settings of each payment gateway. */
const readWebhooks: Record<PaymentGatewayName, (env: Variables, environment: Environment) => WebhooksEnv> = {
  sandbox: sandboxWebhooks,
  stripe: readStripeEnv,
};

function weakSecretIssue(name: string, texts: string[]): string | undefined {
  const weakness = texts.map(secretWeakness).find((found) => found !== undefined);
  return weakness === undefined ? undefined : `${name} is too weak: ${weakness}; create a new secret with openssl rand`;
}

/**
 * The two forms of a webhook secret that can contain a readable placeholder, for example a password: its base64 text
 * and its decoded bytes.
 */
function readableForms(secret: string): string[] {
  const base64 = secret.slice('whsec_'.length);
  return [base64, Buffer.from(base64, 'base64').toString('latin1')];
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
