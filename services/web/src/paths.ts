import { operationsPath, orderPagePath, paymentPagePath } from '@widget-store/contract';

/** The paths of the pages. Shoppers' pages are below `/shop`, which the api does not use. Operations pages are below `/ops`. */
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
