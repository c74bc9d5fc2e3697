/*
 * Paths of pages for one order, payment or product. The argument is the id, or a placeholder such as `:orderId` for a
 * route.
 */

/** The order's page for operators. */
export function operationsPath<Id extends string>(orderId: Id) {
  return `/ops/order/${orderId}` as const;
}

/** The order's packing slip for operators. */
export function packingSlipPath<Id extends string>(orderId: Id) {
  return `${operationsPath(orderId)}/slip` as const;
}

/** The page on which operators change a product and its stock. `new` stands for a product to create. */
export function opsProductPath<Id extends string>(productId: Id) {
  return `/ops/catalogue/${productId}` as const;
}

/** The order's page for the shopper. Anybody who knows the id can see the page. */
export function orderPagePath<Id extends string>(orderId: Id) {
  return `/shop/order/${orderId}` as const;
}

/** The page that sends the shopper to the gateway's payment page. */
export function paymentPagePath<Id extends string>(paymentId: Id) {
  return `/shop/pay/${paymentId}` as const;
}

/**
 * The paths of the storefront's pages. The api answers each path with the HTML of the storefront. Except for the home
 * page, the pages for shoppers are below `/shop`, which no api call uses. The operations pages are below `/ops`.
 */
export const pagePaths = {
  home: '/',
  products: '/shop/products/:cursor',
  payment: paymentPagePath(':paymentId'),
  order: orderPagePath(':orderId'),
  orders: '/shop/orders',
  cart: '/shop/cart',
  ops: '/ops',
  opsOrder: operationsPath(':orderId'),
  opsPackingSlip: packingSlipPath(':orderId'),
  opsProducts: '/ops/catalogue',
  opsProduct: opsProductPath(':productId'),
} as const;

/** Whether a path belongs to the operations pages. These pages stay at the api, even if shoppers use another front end. */
export function isOperationsPath(path: string): boolean {
  return path.startsWith(pagePaths.ops);
}

/**
 * Shorter paths that shoppers type. The storefront redirects these paths to its pages. `/orders` is also a call of the
 * api, so the `Accept` header decides whether a request gets the page or the answer of the api.
 */
export const shortPaths = { cart: '/cart', orders: '/orders' } as const;

/**
 * When the gateway sends the shopper back to the order's page, the URL has this query parameter. A gateway can leave it
 * out if the shopper has not paid.
 */
export const returnedParameter = 'returned';
