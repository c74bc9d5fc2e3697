import type { OpenAPIHono } from '@hono/zod-openapi';
import type { PaymentGatewayName } from '@widget-store/contract';
import type { Registry } from '@widget-store/runtime';
import type { RunsContext } from '../runs/context';

/** The settings of a payment gateway that has its own webhook. */
export interface GatewayWebhookEnv {
  gateway: Exclude<PaymentGatewayName, 'sandbox'>;
  /** Loads the gateway's library, which no other gateway needs, and registers the metrics of the webhook. */
  open(registry: Registry): Promise<GatewayWebhook>;
}

/** The webhook of a payment gateway whose events have a form of their own. */
export interface GatewayWebhook {
  /** A path below `/webhooks/`. */
  path: string;
  /** The maximum size of an event. */
  maxBodyBytes: number;
  /** Creates the route, which checks the signature of an event before it does anything else. */
  routes(runs: RunsContext): OpenAPIHono;
}
