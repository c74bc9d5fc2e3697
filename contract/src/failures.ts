/** `type` of every ApplicationFailure that an activity throws. Histories hold these: they are never renamed. */
export const failureTypes = {
  /** The database is away or refuses work for now. Retried until it is back. */
  databaseUnavailable: 'DatabaseUnavailable',
  /** The database refused a statement: a bug or a broken constraint. Retried, because a deploy can mend it. */
  databaseRejected: 'DatabaseRejected',
  /** A line names a product that does not exist. Not retried: the checkout run fails. */
  productNotFound: 'ProductNotFound',
  /** The lines of an order have prices in two currencies, which no total is of. Not retried: the checkout run fails. */
  mixedCurrencies: 'MixedCurrencies',
  /** A step names an order that does not exist. Not retried. */
  orderNotFound: 'OrderNotFound',
  /** The payment gateway is away, slow or broken. Retried until it is back, or until the workflow gives up. */
  gatewayUnavailable: 'GatewayUnavailable',
  /** The payment gateway says no: a wrong key or a bug. Retried, because a configuration can be mended. */
  gatewayRefused: 'GatewayRefused',
} as const;

export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

/** The failures that no retry can mend. */
export const nonRetryableFailureTypes: FailureType[] = [
  failureTypes.productNotFound,
  failureTypes.mixedCurrencies,
  failureTypes.orderNotFound,
];
