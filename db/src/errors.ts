import { type FailureType, failureTypes, type NewTotal } from '@widget-store/contract';

/** The only error that the methods of `Store` throw. Its message never contains a statement, parameters or rows. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** One of the failure types that the contract defines. */
  readonly code: FailureType;

  /**
   * Sets no `cause`, because the driver's error contains SQL and rows.
   *
   * @param message one sentence that is safe to show to engineers
   */
  constructor(code: FailureType, message: string) {
    super(message);
    this.code = code;
  }
}

/** Another session has kept the rows of these products locked for longer than the lock timeout. */
export class ProductBusy extends StoreError {
  readonly productIds: number[];

  constructor(productIds: number[]) {
    super(failureTypes.productBusy, `Another session keeps the row of product ${productIds.join(' and ')} locked.`);
    this.productIds = productIds;
  }
}

/** The total of the order differs from the total that the shopper was shown. */
export class TotalChanged extends StoreError implements NewTotal {
  readonly totalMinor: number;

  constructor(totalMinor: number) {
    super(failureTypes.totalChanged, 'The total of the order is not the one that the shopper was shown.');
    this.totalMinor = totalMinor;
  }
}

/** Thrown if the server accepts no writes. */
export class ReadOnlyServer extends StoreError {
  constructor() {
    super(failureTypes.databaseUnavailable, 'The database is a standby, or read-only.');
  }
}

/** The codes of connection errors of Node and postgres.js. These errors have no SQLSTATE. */
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
 * The SQLSTATE classes and codes of transient errors (PostgreSQL documentation, appendix A):
 * - 08: connection exceptions, except 08P01 (protocol violation),
 * - 40: rollbacks that can be retried,
 * - 53: insufficient resources, such as disk or memory,
 * - 57: operator intervention, such as a shutdown,
 * - 58: system errors, such as I/O errors,
 * - 25006: a write on a read-only standby,
 * - 55P03: a lock that is not available.
 */
const transientSqlState = /^(08(?!P01)|40|53|57|58)|^(25006|55P03)$/;

/** SQLSTATE `lock_not_available`: a statement has waited for a lock for longer than `lock_timeout`. */
const lockNotAvailable = '55P03';

/** Whether the error is a lock timeout. The connection still works after such an error. */
export function isLockTimeout(error: unknown): boolean {
  return findDriverError(error)?.code === lockNotAvailable;
}

/** SQLSTATE `read_only_sql_transaction`: a statement tried to write in a read-only transaction. */
const readOnlyTransaction = '25006';

/** Whether the error shows that the server accepts no writes. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof ReadOnlyServer || findDriverError(error)?.code === readOnlyTransaction;
}

/** SQLSTATE `too_many_connections`: the limit of the server, of the database or of the role. */
const tooManyConnections = '53300';

/**
 * Whether the server has refused a connection because too many are open. In this case, the server has not received the
 * statement.
 */
export function isServerFull(error: unknown): boolean {
  return findDriverError(error)?.code === tooManyConnections;
}

/** Maps an error of the driver or of Drizzle to a StoreError. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const known = findDriverError(error);
  const reason = known === undefined ? '' : ` (${reasonOf(known)})`;
  if (known !== undefined && isTransient(known)) {
    return new StoreError(failureTypes.databaseUnavailable, `The database is not available${reason}.`);
  }
  return new StoreError(failureTypes.databaseRejected, `The database refused a statement${reason}.`);
}

/** An error of Node or postgres.js. The optional fields come from Postgres's ErrorResponse. */
interface DriverError {
  code: string;
  message?: string;
  severity?: string;
  /** PgBouncer sends this field instead of `severity`. */
  severity_local?: string;
  table_name?: string;
  column_name?: string;
  constraint_name?: string;
}

function isTransient(error: DriverError): boolean {
  return connectionCodes.has(error.code) || transientSqlState.test(error.code) || endsSession(error);
}

/** Whether an error ends the session, for example because the password is wrong or PgBouncer refuses a setting. */
function endsSession({ severity, severity_local: localSeverity }: DriverError): boolean {
  return ['FATAL', 'PANIC'].includes(severity ?? localSeverity ?? '');
}

/** Finds the driver's error. It can be the `cause` of the given error, because Drizzle wraps it. */
function findDriverError(error: unknown, depth = 0): DriverError | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other fields are optional texts of the driver
  if ('code' in error && typeof error.code === 'string') return error as DriverError;
  return 'cause' in error ? findDriverError(error.cause, depth + 1) : undefined;
}

/**
 * Describes an error by its code and the schema objects that it concerns, without values of rows and parameters. A
 * message of class 42 (syntax error or access rule violation) quotes only schema objects and words of the statement. A
 * message of an error that ends the session quotes only the user, the database or a setting. Only these two kinds of
 * messages are included, because other messages can quote values.
 */
function reasonOf(error: DriverError): string {
  const { code, message, table_name: table, column_name: column, constraint_name: constraint } = error;
  const isSafe = code.startsWith('42') || endsSession(error);
  const names = Object.entries({ table, column, constraint }).flatMap(([kind, name]) =>
    name ? [`${kind} ${name}`] : [],
  );
  return [code, ...(isSafe && message ? [message] : []), ...names].join(', ');
}
