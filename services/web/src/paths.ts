/** The pages' addresses. Everything but the home page lies beneath `/shop`, apart from the api's own paths. */
export const routes = {
  home: '/',
  payment: '/shop/pay/:paymentId',
  order: '/shop/order/:orderId',
  orders: '/shop/orders',
} as const;

export function paymentPath(paymentId: string): string {
  return `/shop/pay/${encodeURIComponent(paymentId)}`;
}

export function orderPath(orderId: string): string {
  return `/shop/order/${encodeURIComponent(orderId)}`;
}

/** What the gateway adds to an order's address when it sends the shopper back. */
export const returnedParameter = 'returned';
