/**
 * The types of the events that the store sends to the receiver at `EVENTS_WEBHOOK_URL`. The store sends `order.shipped`
 * when an order becomes DISPATCHED, and `order.shipment_corrected` when an operator changes its carrier or tracking link
 * later. A sold-out order has only the event `order.cancelled`.
 */
export const outgoingEventTypes = [
  'order.placed',
  'order.paid',
  'order.shipped',
  'order.shipment_corrected',
  'order.cancelled',
  'order.refunded',
  'order.refund_failed',
  'order.disputed',
] as const;
export type OutgoingEventType = (typeof outgoingEventTypes)[number];
