import { operationsPath } from '@widget-store/workflows/contract';

/** The pages' addresses. The shop's lie beneath `/shop`, apart from the api's own paths; those of who runs it at `/ops`. */
export const routes = {
  home: '/',
  payment: '/shop/pay/:paymentId',
  order: '/shop/order/:orderId',
  orders: '/shop/orders',
  cart: '/shop/cart',
  ops: '/ops',
  opsOrder: '/ops/order/:orderId',
} as const;

export function paymentPath(paymentId: string): string {
  return `/shop/pay/${encodeURIComponent(paymentId)}`;
}

export function orderPath(orderId: string): string {
  return `/shop/order/${encodeURIComponent(orderId)}`;
}

export function opsOrderPath(orderId: string): string {
  return operationsPath(encodeURIComponent(orderId));
}

/** What the gateway adds to an order's address when it sends the shopper back. */
export const returnedParameter = 'returned';
