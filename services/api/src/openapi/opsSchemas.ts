import { z } from '@hono/zod-openapi';
import { refundSources } from '@widget-store/contract';
import { instant, orderItemSchema, orderSchema, refundSchema } from './schemas';

/* The schemas of the api's responses to operators. */

const count = z.int().min(0);
const webUiAddress = z
  .url()
  .nullable()
  .openapi({ description: "The run's page in the Temporal Web UI; null without `TEMPORAL_UI_URL`" });

const opsRefundSchema = z
  .object({
    ...refundSchema.shape,
    source: z.enum(refundSources).openapi({ description: 'Who requested the refund' }),
    reason: z.string().nullable().openapi({ description: "The operator's note" }),
    gateway_refund_id: z
      .string()
      .nullable()
      .openapi({ description: 'Null until the gateway has made the refund, or if the gateway had captured nothing' }),
  })
  .openapi('OpsRefund');

const opsItemSchema = z
  .object({ ...orderItemSchema.shape, returned: count.openapi({ description: 'Units that came back with refunds' }) })
  .openapi('OpsOrderItem');

export const opsOrderSchema = z
  .object({
    ...orderSchema.shape,
    items: z.array(opsItemSchema),
    refunds: z.array(opsRefundSchema),
    idempotency_key: z.string(),
  })
  .openapi('OpsOrder');
export type OpsOrderBody = z.output<typeof opsOrderSchema>;

export const orderCountsSchema = z
  .object({
    PENDING: count,
    PAID: count,
    DISPATCHED: count,
    CANCELLED: count,
    newest: count.nullable().openapi({
      description:
        'DISPATCHED and CANCELLED are counted only among this many of the newest orders; null if among all orders',
    }),
  })
  .openapi('OrderCounts');
export type OrderCountsBody = z.output<typeof orderCountsSchema>;

const timelineEntrySchema = z
  .object({
    at: instant,
    source: z.enum(['order', 'stock', 'payment', 'workflow']),
    title: z.string().openapi({ description: 'What happened, in a few words' }),
    detail: z.string().nullable().openapi({ description: 'Ids, amounts and causes; null if there is nothing to add' }),
    workflow_id: z
      .string()
      .nullable()
      .openapi({ description: 'The run whose history contains the entry; null if the entry comes from Postgres' }),
  })
  .openapi('TimelineEntry');
export type TimelineEntryBody = z.output<typeof timelineEntrySchema>;

const orderRunSchema = z
  .object({
    workflow_id: z.string(),
    state: z.enum(['open', 'completed', 'failed', 'not_found', 'unavailable']).openapi({
      description:
        '`not_found`: the run is past retention, or was never started. `unavailable`: Temporal did not answer in time',
    }),
    url: webUiAddress,
  })
  .openapi('OrderRun');
export type OrderRunBody = z.output<typeof orderRunSchema>;

export const orderReportSchema = z
  .object({
    order: opsOrderSchema,
    timeline: z.array(timelineEntrySchema).openapi({
      description: 'All entries, oldest first. The events of runs that are `not_found` or `unavailable` are missing',
    }),
    runs: z.array(orderRunSchema),
    dashboard_url: z.url().nullable().openapi({
      description: "The payment in the sandbox gateway's dashboard; null without `GATEWAY_PUBLIC_URL` or a payment id",
    }),
  })
  .openapi('OrderReport');
export type OrderReportBody = z.output<typeof orderReportSchema>;

const anomalySchema = z
  .object({
    kind: z.string(),
    detail: z.string(),
    order_id: z.string().nullable(),
    payment_id: z.string().nullable(),
    workflow_id: z.string().nullable(),
    repair: z
      .string()
      .nullable()
      .openapi({ description: 'What the reconciler does to repair the anomaly; null if a person must decide' }),
  })
  .openapi('Anomaly');
export type AnomalyBody = z.output<typeof anomalySchema>;

export const anomaliesSchema = z
  .object({
    checked_at: instant
      .nullable()
      .openapi({ description: 'When the last successful run of the reconciler ended; null if there was none' }),
    workflow_id: z.string().nullable(),
    url: webUiAddress,
    failed: z.array(z.string()).openapi({
      description: 'The comparisons that failed in this run: `ledger`, `orders` or `stock`. Their state is unknown',
      example: ['ledger'],
    }),
    found: z.record(z.string(), count).openapi({
      description:
        'The number of anomalies by kind. `anomalies` can be shorter, because it has at most 100 of each kind',
    }),
    anomalies: z.array(anomalySchema),
  })
  .openapi('Anomalies');
export type AnomaliesBody = z.output<typeof anomaliesSchema>;
