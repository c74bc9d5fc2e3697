/**
 * The `type` of every ApplicationFailure that an activity or a workflow throws. Never rename a type, because histories
 * contain the names.
 */
export const failureTypes = {
  /**
   * The database does not answer, or cannot accept work at the moment. Retried until the database works again or the
   * workflow gives up.
   */
  databaseUnavailable: 'DatabaseUnavailable',
  /**
   * The database refused a statement because of a bug, or because the role of the store lacks a privilege. Retried,
   * because a deployment or an operator can fix the cause.
   */
  databaseRejected: 'DatabaseRejected',
  /** Another session keeps the row of a product locked. Retried until the lock is released. */
  productBusy: 'ProductBusy',
  /** An order line names a product that does not exist. Not retried: the checkout is refused. */
  productNotFound: 'ProductNotFound',
  /** An order line names a product that is not on sale at the moment. Not retried: the checkout is refused. */
  productNotOnSale: 'ProductNotOnSale',
  /**
   * The lines of an order have prices in two currencies, so the order has no total. Not retried: the checkout is
   * refused.
   */
  mixedCurrencies: 'MixedCurrencies',
  /**
   * The total of the order is not the one that the shopper was shown. Not retried: the checkout is refused. The failure
   * has the new total in its details (`NewTotal`).
   */
  totalChanged: 'TotalChanged',
  /** An activity names an order or a refund that does not exist. Not retried. */
  orderNotFound: 'OrderNotFound',
  /**
   * The payment gateway does not answer, or its server fails. Retried until the gateway works again or the workflow
   * gives up.
   */
  gatewayUnavailable: 'GatewayUnavailable',
  /**
   * The payment gateway refuses the request, and would refuse a repetition too, unless a person acts first. A
   * request for a payment page is not retried. A refund is retried, because an operator can add money to the store's
   * account at the gateway, or deploy a corrected release.
   */
  gatewayRefused: 'GatewayRefused',
  /**
   * The store's configuration for the payment gateway is wrong, for example the key, the permissions of the key or the
   * address. Retried until an operator corrects the configuration or the workflow gives up.
   */
  gatewayMisconfigured: 'GatewayMisconfigured',
  /**
   * No worker has finished the step in time, for example because its worker died. Only a workflow throws this failure.
   */
  workerUnavailable: 'WorkerUnavailable',
} as const;

export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

/** Failures that no retry can fix. */
export const nonRetryableFailureTypes: FailureType[] = [
  failureTypes.productNotFound,
  failureTypes.productNotOnSale,
  failureTypes.mixedCurrencies,
  failureTypes.totalChanged,
  failureTypes.orderNotFound,
];

/** Failures whose retries succeed only after a person has acted. */
export const rejectionTypes = [
  failureTypes.databaseRejected,
  failureTypes.gatewayRefused,
  failureTypes.gatewayMisconfigured,
] as const;
export type RejectionType = (typeof rejectionTypes)[number];

/**
 * Failures of a cart that cannot be bought. As long as Temporal keeps the checkout run, a repetition of the request is
 * refused too. The idempotency key can still buy another cart.
 */
export const refusalTypes = [
  failureTypes.productNotFound,
  failureTypes.productNotOnSale,
  failureTypes.mixedCurrencies,
  failureTypes.totalChanged,
] as const;
export type RefusalType = (typeof refusalTypes)[number];

/** What the cart cost when it was refused. */
export interface NewTotal {
  totalMinor: number;
}

/**
 * The result of a checkout run that has refused its cart and placed no order. After `TotalChanged`, the result has the
 * new total.
 */
export interface RefusedCheckout extends Partial<NewTotal> {
  refusal: RefusalType;
  /** The fingerprint of the refused request. */
  fingerprint: string;
}

/** Whether the result of a checkout run says that the checkout was refused. */
export function isRefused(result: unknown): result is RefusedCheckout {
  return typeof result === 'object' && result !== null && 'refusal' in result;
}
