import type { WorkerDeploymentOptions } from '@temporalio/worker';
import {
  baseUrlVariable,
  EnvironmentError,
  millisecondsVariable,
  parseEnv,
  portVariable,
  secretWeakness,
  webhookSecretVariable,
} from '@widget-store/runtime';
import { type ServiceEnv, serviceEnv, serviceVariables } from '@widget-store/runtime/serviceVariables';
import type { PaymentGateway, PaymentReferences } from '@widget-store/activities';
import {
  defaultTaskQueue,
  type Fulfilment,
  fulfilments,
  isCountry,
  type PaymentGatewayName,
  paymentGateways,
} from '@widget-store/contract';
import { z } from 'zod';
import { receiverUrlIssue } from './events/addresses';
import type { ReceiverEnv } from './events/post';
import { readStripeEnv } from './stripe/env';

export interface WorkerEnv extends ServiceEnv {
  /** How many days the store keeps the buyer of an order that is over. Undefined if buyers are kept for ever. */
  buyerRetentionDays: number | undefined;
  /** Undefined if the worker takes every task of its queue. */
  deploymentVersion: DeploymentVersion | undefined;
  /** How new orders are fulfilled. Each order keeps the setting that it was placed with. */
  fulfilment: Fulfilment;
  gateway: GatewayEnv;
  /**
   * The ISO 3166-1 countries to which new orders can be shipped. Null if the store does not ask for an address. Each
   * order keeps the setting that it was placed with.
   */
  shippingCountries: string[] | null;
  /** The receiver of outgoing events. Undefined if the store sends no events. */
  eventReceiver: ReceiverEnv | undefined;
  port: number;
  /** The time between two runs of the reconciler, in milliseconds. */
  reconcileEveryMs: number;
  /** How long an order or a payment must be unchanged before a difference is an anomaly, in milliseconds. */
  reconcileGraceMs: number;
  /** The address of the SDK's own metrics as `host:port`. Undefined if they are off. */
  sdkMetricsAddress: string | undefined;
  taskQueue: string;
  /** Whether to run the bundle that `make build` wrote, instead of bundling the source at the start. */
  prebuiltBundle: boolean;
}

/** The deployment and the build of this worker. Several builds of a deployment can run at the same time. */
export type DeploymentVersion = WorkerDeploymentOptions['version'];

/** The settings of the payment gateway that `PAYMENT_GATEWAY` names. */
export type GatewayEnv = { name: 'sandbox'; url: string; apiKey: string } | OtherGatewayEnv;

/** The settings of a payment gateway other than the sandbox. */
interface OtherGatewayEnv {
  name: Exclude<PaymentGatewayName, 'sandbox'>;
  open(options: GatewayOptions): Promise<PaymentGateway>;
}

interface GatewayOptions {
  /** The deadline of a call, in milliseconds. */
  deadlineMs: number;
  /** The deadline of a call that lists payments, in milliseconds. */
  listDeadlineMs: number;
  /** Where the store keeps the gateway's own ids of payments. */
  references: PaymentReferences;
}

/**
 * Temporal joins the deployment name and the build id with a dot or a colon, so the name must contain neither. Temporal
 * also reserves the prefix `__`.
 */
const deploymentName = z
  .string()
  .regex(/^(?!__)[^\s.:]{1,200}$/, 'expected 1 to 200 characters without dot, colon or space, not starting with __');
/** Country codes, separated by commas, or `none`. */
const countriesVariable = z
  .string()
  .transform((list) => (list === 'none' ? null : [...new Set(list.split(',').map((code) => code.trim()))]))
  .refine(
    (codes) => codes === null || codes.every(isCountry),
    'expected `none`, or ISO 3166-1 country codes such as AT,DE,US',
  );
const buildId = z
  .string()
  .regex(/^(?!__)\S{1,200}$/, 'expected 1 to 200 characters without space, not starting with __');

/**
 * @throws EnvironmentError that names each missing or invalid variable
 */
export function readEnv(environment: Environment = process.env): WorkerEnv {
  const env = parseEnv(environment, {
    ...serviceVariables,
    BUYER_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
    COLLECT_ADDRESS: countriesVariable.default(null),
    EVENTS_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'expected https://…' }).optional(),
    EVENTS_WEBHOOK_SECRET: webhookSecretVariable.optional(),
    EVENTS_WEBHOOK_ALLOW_PRIVATE: z.string().toLowerCase().default(''),
    FULFILMENT: z.enum(fulfilments).default('demo'),
    GATEWAY_API_KEY: z.string().optional(),
    GATEWAY_URL: baseUrlVariable.optional(),
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
    PAYMENT_GATEWAY: z.enum(paymentGateways).default('sandbox'),
    RECONCILE_EVERY_MS: millisecondsVariable
      .min(1000)
      .max(60 * 60_000)
      .default(60_000),
    RECONCILE_GRACE_MS: millisecondsVariable.max(5 * 60_000).default(30_000),
    // Temporal's Worker Controller for Kubernetes sets these two variables.
    TEMPORAL_DEPLOYMENT_NAME: deploymentName.default('widget-store'),
    TEMPORAL_WORKER_BUILD_ID: buildId.optional(),
    TEMPORAL_TASK_QUEUE: z.string().default(defaultTaskQueue),
    TEMPORAL_METRICS_PORT: portVariable.optional(),
    WORKER_PORT: portVariable.default(3001),
  });
  const service = serviceEnv(env);
  const { TEMPORAL_DEPLOYMENT_NAME: name, TEMPORAL_WORKER_BUILD_ID: build, COLLECT_ADDRESS: shippingCountries } = env;
  return {
    ...service,
    buyerRetentionDays: env.BUYER_RETENTION_DAYS,
    deploymentVersion: build === undefined ? undefined : { deploymentName: name, buildId: build },
    eventReceiver: eventReceiverFrom(env),
    fulfilment: env.FULFILMENT,
    gateway: readGateway[env.PAYMENT_GATEWAY]({ ...env, ...service, shippingCountries }, environment),
    port: env.WORKER_PORT,
    shippingCountries,
    reconcileEveryMs: env.RECONCILE_EVERY_MS,
    reconcileGraceMs: env.RECONCILE_GRACE_MS,
    sdkMetricsAddress:
      env.TEMPORAL_METRICS_PORT === undefined ? undefined : `${service.host}:${env.TEMPORAL_METRICS_PORT}`,
    taskQueue: env.TEMPORAL_TASK_QUEUE,
    prebuiltBundle: env.NODE_ENV === 'production',
  };
}

type Environment = Record<string, string | undefined>;

interface ReceiverVariables {
  EVENTS_WEBHOOK_URL?: string | undefined;
  EVENTS_WEBHOOK_SECRET?: string | undefined;
  EVENTS_WEBHOOK_ALLOW_PRIVATE: string;
  DEMO: boolean;
}

function eventReceiverFrom(env: ReceiverVariables): ReceiverEnv | undefined {
  const { EVENTS_WEBHOOK_URL: url, EVENTS_WEBHOOK_SECRET: secret, DEMO: allowLoopback } = env;
  if (url === undefined && secret === undefined) return undefined;
  if (url === undefined || secret === undefined) {
    throw notSet({ EVENTS_WEBHOOK_URL: url, EVENTS_WEBHOOK_SECRET: secret });
  }
  const weakness = allowLoopback ? undefined : secretWeakness(secret.slice('whsec_'.length));
  if (weakness !== undefined) throw new EnvironmentError(`EVENTS_WEBHOOK_SECRET is too weak: ${weakness}`);
  const privateHosts = env.EVENTS_WEBHOOK_ALLOW_PRIVATE.split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
  const issue = receiverUrlIssue(url, { allowLoopback, privateHosts });
  if (issue !== undefined) throw new EnvironmentError(`EVENTS_WEBHOOK_URL is not valid: ${issue}`);
  return { url, secret, allowLoopback, privateHosts };
}

interface GatewayVariables extends ServiceEnv {
  GATEWAY_API_KEY?: string | undefined;
  GATEWAY_URL?: string | undefined;
  shippingCountries: string[] | null;
}

/** Reads the settings of each payment gateway. */
const readGateway: Record<PaymentGatewayName, (env: GatewayVariables, environment: Environment) => GatewayEnv> = {
  sandbox: readSandboxEnv,
  stripe: readStripeEnv,
};

function readSandboxEnv({ GATEWAY_URL: url, GATEWAY_API_KEY: apiKey }: GatewayVariables): GatewayEnv {
  if (url !== undefined && apiKey !== undefined) return { name: 'sandbox', url, apiKey };
  throw notSet({ GATEWAY_URL: url, GATEWAY_API_KEY: apiKey });
}

function notSet(variables: Record<string, string | undefined>): EnvironmentError {
  const missing = Object.keys(variables).filter((name) => variables[name] === undefined);
  return new EnvironmentError(missing.map((name) => `${name} is not set`).join('\n'));
}
