import { z } from '@hono/zod-openapi';
import { instant, orderSchema } from './schemas';

/** What the api answers to the people who run the store. */

const count = z.int().min(0);
const webUiAddress = z
  .url()
  .nullable()
  .openapi({ description: "The run's page in the Temporal Web UI; null without `TEMPORAL_UI_URL`" });

export const opsOrderSchema = z.object({ ...orderSchema.shape, idempotency_key: z.string() }).openapi('OpsOrder');
export type OpsOrderBody = z.output<typeof opsOrderSchema>;

export const orderCountsSchema = z
  .object({
    PENDING: count,
    PAID: count,
    DISPATCHED: count,
    CANCELLED: count,
    newest: count.nullable().openapi({
      description: 'DISPATCHED and CANCELLED are counted among this many of the newest orders; null when among all',
    }),
  })
  .openapi('OrderCounts');
export type OrderCountsBody = z.output<typeof orderCountsSchema>;

const timelineEntrySchema = z
  .object({
    at: instant,
    source: z.enum(['order', 'stock', 'payment', 'workflow']),
    title: z.string().openapi({ description: 'What happened, in a few words' }),
    detail: z
      .string()
      .nullable()
      .openapi({ description: 'Ids, amounts and causes; null when there is nothing to add' }),
    workflow_id: z
      .string()
      .nullable()
      .openapi({ description: 'The run whose history has it; null for what Postgres has' }),
  })
  .openapi('TimelineEntry');
export type TimelineEntryBody = z.output<typeof timelineEntrySchema>;

const orderRunSchema = z
  .object({
    workflow_id: z.string(),
    state: z.enum(['open', 'completed', 'failed', 'not_found', 'unavailable']).openapi({
      description:
        '`not_found`: past retention, or never started. `unavailable`: Temporal did not answer within the deadline',
    }),
    url: webUiAddress,
  })
  .openapi('OrderRun');
export type OrderRunBody = z.output<typeof orderRunSchema>;

export const orderReportSchema = z
  .object({
    order: opsOrderSchema,
    timeline: z.array(timelineEntrySchema).openapi({
      description: 'Oldest first; without the events of runs that are `not_found` or `unavailable`',
    }),
    runs: z.array(orderRunSchema),
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
      .openapi({ description: 'What the reconciler does about it; null when a person has to decide' }),
  })
  .openapi('Anomaly');
export type AnomalyBody = z.output<typeof anomalySchema>;

export const anomaliesSchema = z
  .object({
    checked_at: instant
      .nullable()
      .openapi({ description: 'When the last successful run of the reconciler ended; null when there was none' }),
    workflow_id: z.string().nullable(),
    url: webUiAddress,
    failed: z.array(z.string()).openapi({
      description: 'Comparisons that could not be made, of `ledger`, `orders` and `stock`: their state is unknown',
      example: ['ledger'],
    }),
    found: z.record(z.string(), count).openapi({ description: 'Count by kind; the list may be shorter' }),
    anomalies: z.array(anomalySchema),
  })
  .openapi('Anomalies');
export type AnomaliesBody = z.output<typeof anomaliesSchema>;
