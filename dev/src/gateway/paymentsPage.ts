import type { Payment } from './payment';

export interface PageRequest {
  /** A time in ISO 8601. Only payments that changed at or after this time are listed. */
  updatedSince: string | undefined;
  /** Only payments with a higher revision are listed. */
  afterRevision: number;
  limit: number;
}

/** @param payments in the order of their last change */
export function pageOf(payments: Iterable<Payment>, { updatedSince, afterRevision, limit }: PageRequest) {
  const page: Payment[] = [];
  const sinceMs = updatedSince === undefined ? 0 : Date.parse(updatedSince);
  for (const payment of payments) {
    if (payment.revision <= afterRevision || Date.parse(payment.updatedAt) < sinceMs) continue;
    if (page.length === limit) return { payments: page, hasMore: true };
    page.push(payment);
  }
  return { payments: page, hasMore: false };
}
