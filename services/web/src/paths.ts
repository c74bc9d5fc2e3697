import { operationsPath, orderPagePath, paymentPagePath } from '@widget-store/contract';

/** The pages' addresses. The shop's lie beneath `/shop`, apart from the api's own paths; those of who runs it at `/ops`. */
export const routes = {
  home: '/',
  payment: paymentPagePath(':paymentId'),
  order: orderPagePath(':orderId'),
  orders: '/shop/orders',
  cart: '/shop/cart',
  ops: '/ops',
  opsOrder: operationsPath(':orderId'),
} as const;

export function paymentPath(paymentId: string): string {
  return paymentPagePath(encodeURIComponent(paymentId));
}

export function orderPath(orderId: string): string {
  return orderPagePath(encodeURIComponent(orderId));
}

export function opsOrderPath(orderId: string): string {
  return operationsPath(encodeURIComponent(orderId));
}
