import { orderPagePath, paymentPagePath } from '@widget-store/contract';

/** The path of a later page of the catalogue. */
export function productsPath(cursor: string): string {
  return `/shop/products/${encodeURIComponent(cursor)}`;
}

export function paymentPath(paymentId: string): string {
  return paymentPagePath(encodeURIComponent(paymentId));
}

export function orderPath(orderId: string): string {
  return orderPagePath(encodeURIComponent(orderId));
}
