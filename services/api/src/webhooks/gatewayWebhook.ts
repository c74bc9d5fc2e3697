import type { OpenAPIHono } from '@hono/zod-openapi';
import type { RunsContext } from '../runs/context';

/** The webhook of a payment gateway whose events have a form of their own. */
export interface GatewayWebhook {
  /** A path below `/webhooks/`. */
  path: string;
  /** The maximum size of an event. */
  maxBodyBytes: number;
  /** Creates the route, which checks the signature of an event before it does anything else. */
  routes(runs: RunsContext): OpenAPIHono;
}
