/** `type` of every ApplicationFailure that an activity throws. Never rename one, because histories contain them. */
export const failureTypes = {
  /** The database is away or refuses work at the moment. Retried until it is back. */
  databaseUnavailable: 'DatabaseUnavailable',
  /** The database refused a statement: a bug or a broken constraint. Retried, because a deployment can fix it. */
  databaseRejected: 'DatabaseRejected',
  /** An order line names a product that does not exist. Not retried: the checkout run fails. */
  productNotFound: 'ProductNotFound',
  /** The lines of an order have prices in two currencies, so it has no total. Not retried: the checkout run fails. */
  mixedCurrencies: 'MixedCurrencies',
  /** An activity names an order that does not exist. Not retried. */
  orderNotFound: 'OrderNotFound',
  /** The payment gateway is away, slow or broken. Retried until it is back or the workflow gives up. */
  gatewayUnavailable: 'GatewayUnavailable',
  /** The payment gateway refuses the call: a wrong key or a bug. Retried, because a configuration can be fixed. */
  gatewayRefused: 'GatewayRefused',
} as const;

export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

/** Failures that no retry can fix. */
export const nonRetryableFailureTypes: FailureType[] = [
  failureTypes.productNotFound,
  failureTypes.mixedCurrencies,
  failureTypes.orderNotFound,
];
