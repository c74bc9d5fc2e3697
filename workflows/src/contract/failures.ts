/** `type` of every ApplicationFailure that an activity throws. Histories hold these: they are never renamed. */
export const failureTypes = {
  /** The database is away or refuses work for now. Retried until it is back. */
  databaseUnavailable: 'DatabaseUnavailable',
  /** The database refused a statement: a bug or a broken constraint. Retried, because a deploy can mend it. */
  databaseRejected: 'DatabaseRejected',
  /** A line names a product that does not exist. Not retried: the checkout run fails. */
  productNotFound: 'ProductNotFound',
  /** A step names an order that does not exist. Not retried. */
  orderNotFound: 'OrderNotFound',
} as const;

export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

/** The failures that no retry can mend. */
export const nonRetryableFailureTypes: FailureType[] = [failureTypes.productNotFound, failureTypes.orderNotFound];
