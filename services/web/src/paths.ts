import { operationsPath, orderPagePath, paymentPagePath } from '@widget-store/contract';

/**
 * The paths of the pages. Except for the home page, the pages for shoppers are below `/shop`, which no api call uses.
 * The operations pages are below `/ops`.
 */
export const routes = {
  home: '/',
  products: '/shop/products/:cursor',
  payment: paymentPagePath(':paymentId'),
  order: orderPagePath(':orderId'),
  orders: '/shop/orders',
  cart: '/shop/cart',
  ops: '/ops',
  opsOrder: operationsPath(':orderId'),
} as const;

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

export function opsOrderPath(orderId: string): string {
  return operationsPath(encodeURIComponent(orderId));
}
