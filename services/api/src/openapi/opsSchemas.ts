import { z } from '@hono/zod-openapi';
import {
  attentionKinds,
  disputeIdPattern,
  disputeStatuses,
  outgoingEventIdPattern,
  outgoingEventTypes,
  refundSources,
} from '@widget-store/contract';
import { addressSchema, orderSchema } from './orderSchemas';
import { refundSchema, settledBy } from './refundSchemas';
import { currency, instant, minor, orderId, refundId } from './schemas';

/* The schemas of the api's responses to operators. */

const count = z.int().min(0);
const webUiAddress = z
  .url()
  .nullable()
  .openapi({ description: "The run's page in the Temporal Web UI; null without `TEMPORAL_UI_URL`" });

export const operatorSchema = z
  .object({
    name: z.string().openapi({ example: 'anna' }),
    access: z.enum(['full', 'read']).openapi({ description: '`read`: every change is refused' }),
  })
  .openapi('Operator');
export type OperatorBody = z.output<typeof operatorSchema>;

const opsRefundSchema = z
  .object({
    ...refundSchema.shape,
    source: z.enum(refundSources).openapi({ description: 'The origin of the refund' }),
    reason: z.string().nullable().openapi({ description: "The operator's note" }),
    requested_by: z
      .string()
      .nullable()
      .openapi({ description: 'The operator who requested the refund; null if no operator did' }),
    settled_by: settledBy,
    gateway_refund_id: z
      .string()
      .nullable()
      .openapi({ description: 'Null until the gateway has made the refund, or if the gateway had captured nothing' }),
  })
  .openapi('OpsRefund');

export const opsOrderSchema = z
  .object({
    ...orderSchema.shape,
    refunds: z.array(opsRefundSchema).openapi({ description: 'All refunds, the oldest first' }),
    idempotency_key: z.string(),
  })
  .openapi('OpsOrder');
export type OpsOrderBody = z.output<typeof opsOrderSchema>;

export const buyerSchema = z
  .object({
    order_id: orderId,
    name: z.string().nullable(),
    email: z.string().nullable(),
    address: z.union([addressSchema, z.null()]),
    phone: z.string().nullable(),
    erased_at: instant
      .nullable()
      .openapi({ description: 'When the buyer was erased, or null. All personal data of an erased buyer is null' }),
  })
  .openapi('Buyer');
export type BuyerBody = z.output<typeof buyerSchema>;

const disputeId = z.string().regex(disputeIdPattern);

const disputeSchema = z
  .object({
    dispute_id: disputeId,
    amount_minor: minor.openapi({ description: "What the shopper's bank has taken or can take" }),
    currency,
    status: z.enum(disputeStatuses),
    reason: z.string().nullable().openapi({ description: "The gateway's word for the reason" }),
    gateway_dispute_id: z.string(),
    created_at: instant.openapi({ description: 'When the dispute was opened, by the clock of the gateway' }),
    updated_at: instant.openapi({ description: 'When the store recorded the last change of the dispute' }),
  })
  .openapi('Dispute');
export type DisputeBody = z.output<typeof disputeSchema>;

export const outgoingEventSchema = z
  .object({
    event_id: z.string().regex(outgoingEventIdPattern),
    order_id: orderId,
    type: z.enum(outgoingEventTypes),
    attempts: count.openapi({ description: 'The number of all attempts, including those before a redelivery' }),
    last_result: z.string().nullable().openapi({ description: 'The status of the last answer, or why there was none' }),
  })
  .openapi('OutgoingEvent');
export type OutgoingEventBody = z.output<typeof outgoingEventSchema>;

export const redeliveredEventsSchema = z.object({ redelivered: count }).openapi('RedeliveredEvents');

const attentionItemSchema = z
  .object({
    kind: z.enum(attentionKinds),
    order_id: orderId,
    order_number: orderSchema.shape.order_number,
    refund_id: refundId.nullable(),
    dispute_id: disputeId.nullable(),
    event: outgoingEventSchema.nullable().openapi({ description: 'The outgoing event that failed' }),
    amount_minor: minor.openapi({ description: "For an outgoing event, the order's total" }),
    currency,
    since: instant.openapi({
      description:
        'For a refund or an event, when it failed. For an open dispute, when it was opened. For `money_kept`, when a dispute of the order last changed. For `stock_kept`, when the order last changed',
    }),
  })
  .openapi('AttentionItem');
export type AttentionItemBody = z.output<typeof attentionItemSchema>;

export const attentionSchema = z
  .object({
    items: z.array(attentionItemSchema),
    sold_out: z
      .array(z.object({ product_id: z.int().min(1), product: z.string() }))
      .openapi({ description: 'The products without stock, sorted by product id' }),
  })
  .openapi('Attention');

export const orderCountsSchema = z
  .object({
    PENDING: count,
    PAID: count,
    DISPATCHED: count,
    CANCELLED: count,
    newest: count.nullable().openapi({
      description:
        'The counts of DISPATCHED, CANCELLED and fully returned PAID orders cover only this number of the newest orders; null if they cover all',
    }),
    to_ship: count.openapi({ description: 'How many of the PAID orders an operator must ship' }),
  })
  .openapi('OrderCounts');
export type OrderCountsBody = z.output<typeof orderCountsSchema>;

const timelineEntrySchema = z
  .object({
    at: instant,
    source: z.enum(['order', 'stock', 'payment', 'operator', 'workflow']),
    operator: z
      .string()
      .nullable()
      .openapi({ description: 'The name of the operator who did it; null if no operator did' }),
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
        '`not_found`: the run is past retention, or was never started. `unavailable`: the store could not read the run',
    }),
    url: webUiAddress,
  })
  .openapi('OrderRun');
export type OrderRunBody = z.output<typeof orderRunSchema>;

export const orderReportSchema = z
  .object({
    order: opsOrderSchema,
    buyer: z.union([buyerSchema, z.null()]).openapi({ description: 'Null if the store has collected no address' }),
    disputes: z.array(disputeSchema).openapi({ description: 'The oldest first' }),
    timeline: z.array(timelineEntrySchema).openapi({
      description: 'Oldest first. The events of runs that are `not_found` or `unavailable` are missing',
    }),
    runs: z.array(orderRunSchema),
    dashboard_url: z.url().nullable().openapi({
      description:
        "The payment in the sandbox gateway's dashboard; null if the sandbox is not linked, or if the order has no payment id",
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
      description:
        'The comparisons that failed in this run: `ledger`, `orders` or `stock`. Their anomalies are unknown',
      example: ['ledger'],
    }),
    found: z.record(z.string(), count).openapi({
      description: 'The number of anomalies of each kind. `anomalies` contains at most 100 of each kind',
    }),
    anomalies: z.array(anomalySchema),
  })
  .openapi('Anomalies');
export type AnomaliesBody = z.output<typeof anomaliesSchema>;
