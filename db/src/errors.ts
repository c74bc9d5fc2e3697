import { type FailureType, failureTypes } from '@widget-store/contract';

/** The only error that this package throws. Its message never contains SQL, parameters or rows. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** The failure type of the contract. */
  readonly code: FailureType;

  /**
   * @param message one sentence, safe to show to engineers
   * @param options.cause the driver's error, for logs only
   */
  constructor(code: FailureType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Codes of connection errors of Node and postgres.js, which have no SQLSTATE. */
const connectionCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * SQLSTATE classes and codes of transient errors: connection exceptions other than a protocol violation, rollbacks that can
 * be retried, insufficient resources (disk and memory among them), operator intervention (shutdown, statement timeout), I/O
 * errors, locks that are not available, a read-only standby. Source: PostgreSQL documentation, appendix A.
 */
const transientSqlState = /^(08(?!P01)|40|53|57|58)|^(25006|55P03)$/;

/** Maps an error of the driver or of Drizzle to a StoreError. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = driverCode(error);
  if (code !== undefined && (connectionCodes.has(code) || transientSqlState.test(code))) {
    return new StoreError(failureTypes.databaseUnavailable, `The database is not available (${code}).`, {
      cause: error,
    });
  }
  const known = code === undefined ? '' : ` (${code})`;
  return new StoreError(failureTypes.databaseRejected, `The database refused a statement${known}.`, { cause: error });
}

/** Drizzle wraps the driver's error, so the code may be in a cause. */
function driverCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? driverCode(error.cause, depth + 1) : undefined;
}
