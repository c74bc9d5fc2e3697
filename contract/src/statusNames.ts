import type { DisputeStatus, OrderStatus, PaymentStatus, StockMovementKind } from './statuses';

/* The words that people read for each status and kind: on the pages, in timelines and in CSV files. */

export const orderStatusNames: Record<OrderStatus, string> = {
  PENDING: 'Awaiting payment',
  PAID: 'Paid',
  DISPATCHED: 'Shipped',
  CANCELLED: 'Cancelled',
};

export const paymentStatusNames: Record<PaymentStatus, string> = {
  none: 'Not requested',
  pending: 'Not yet paid',
  paid: 'Paid',
  failed: 'Failed',
  cancelled: 'Cancelled',
  expired: 'Expired',
  refunding: 'Being refunded',
  partially_refunded: 'Partly refunded',
  refunded: 'Refunded',
};

export const disputeStatusNames: Record<DisputeStatus, string> = { open: 'Open', won: 'Won', lost: 'Lost' };

export const stockMovementNames: Record<StockMovementKind, string> = {
  seed: 'Initial stock',
  restock: 'Restocked',
  hold: 'Reserved for an order',
  release: 'Released',
  return: 'Returned',
  received: 'Received',
  written_off: 'Written off',
  counted: 'Counted',
};
