import { z } from '@hono/zod-openapi';
import {
  type AnomaliesBody,
  type OpsOrderBody,
  type OrderCountsBody,
  type OrderReportBody,
  runStates,
  timelineSources,
} from '@widget-store/contract';
import { instant, orderSchema } from './schemas';

const count = z.int().min(0);
const webAddress = z
  .url()
  .nullable()
  .openapi({ description: 'In the Temporal Web UI; null without `TEMPORAL_UI_URL`' });

export const opsOrderSchema = z
  .object({ ...orderSchema.shape, idempotency_key: z.string() })
  .openapi('OpsOrder') satisfies z.ZodType<OpsOrderBody>;

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
  .openapi('OrderCounts') satisfies z.ZodType<OrderCountsBody>;

const timelineEntrySchema = z
  .object({
    at: instant,
    source: z.enum(timelineSources),
    title: z.string(),
    detail: z.string().nullable(),
    workflow_id: z.string().nullable(),
  })
  .openapi('TimelineEntry');

const orderRunSchema = z
  .object({
    workflow_id: z.string(),
    state: z.enum(runStates).openapi({ description: '`not_found` in Temporal, or Temporal was `unavailable`' }),
    url: webAddress,
  })
  .openapi('OrderRun');

export const orderReportSchema = z
  .object({ order: opsOrderSchema, timeline: z.array(timelineEntrySchema), runs: z.array(orderRunSchema) })
  .openapi('OrderReport') satisfies z.ZodType<OrderReportBody>;

const anomalySchema = z
  .object({
    kind: z.string(),
    detail: z.string(),
    order_id: z.string().nullable(),
    payment_id: z.string().nullable(),
    workflow_id: z.string().nullable(),
    repair: z.string().nullable().openapi({ description: 'Null when a person has to decide' }),
  })
  .openapi('Anomaly');

export const anomaliesSchema = z
  .object({
    checked_at: instant.nullable().openapi({ description: 'Null when the reconciler has not run yet' }),
    workflow_id: z.string().nullable(),
    url: webAddress,
    failed: z.array(z.string()).openapi({
      description: 'Comparisons that could not be made, of `ledger`, `orders` and `stock`: nothing is known of those',
      example: ['ledger'],
    }),
    found: z.record(z.string(), count).openapi({ description: 'By kind; the list may be shorter' }),
    anomalies: z.array(anomalySchema),
  })
  .openapi('Anomalies') satisfies z.ZodType<AnomaliesBody>;
