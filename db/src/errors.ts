import { type FailureType, failureTypes } from '@widget-store/contract';

/** The only error that leaves this package. Its message is ours: it never carries SQL, parameters or rows. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** What went wrong, as the contract names it. */
  readonly code: FailureType;

  /**
   * @param message one sentence that may be shown to engineers
   * @param options.cause what the driver said; for logs only
   */
  constructor(code: FailureType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Connection errors of Node and of postgres.js, which carry a code instead of an SQLSTATE. */
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
 * SQLSTATE classes and codes that pass by themselves: connection exceptions other than a protocol violation, rollbacks to be tried again, no resources
 * (disk and memory among them), operator intervention (shutdown, statement timeout), I/O errors, a read-only standby.
 * Source: PostgreSQL documentation, appendix A.
 */
const transientSqlState = /^(08(?!P01)|40|53|57|58)|^(25006|55P03)$/;

/** Turns whatever the driver or drizzle threw into a StoreError. */
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

/** Drizzle wraps the driver's error, and Node wraps several connection attempts in one: the code is in a cause. */
function driverCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? driverCode(error.cause, depth + 1) : undefined;
}
