import type { NativeConnection } from '@temporalio/worker';
import { EnvironmentError, type Logger } from '@widget-store/runtime';
import { searchAttributeNames } from '@widget-store/workflows/contract';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
const keyword = 2;
const callDeadlineMs = 5000;

/** What this needs of a connection to Temporal. */
export type Operator = Pick<NativeConnection, 'operatorService' | 'withDeadline'>;

/**
 * Sees to it that the namespace knows the search attributes of our runs, because each task of a run that sets an unknown one
 * fails for ever (`BadSearchAttributes`). Registers what is missing, where it may.
 *
 * @throws EnvironmentError that says how to register them, where it may not, or where one has another type
 */
export async function ensureSearchAttributes(
  connection: Operator,
  { namespace, log }: { namespace: string; log: Pick<Logger, 'warn'> },
): Promise<void> {
  const { operatorService: operator } = connection;
  const inTime = <T>(call: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + callDeadlineMs, call);

  const answer = await inTime(() => operator.listSearchAttributes({ namespace })).catch((error: unknown) => {
    if (mayNotAsk(error)) return undefined;
    throw error;
  });
  if (answer === undefined) {
    log.warn(
      { namespace },
      'this worker may not ask which search attributes are registered; its runs need all of theirs',
    );
    return;
  }
  const known: Record<string, number> = answer.customAttributes;
  const names = Object.values(searchAttributeNames);
  const ofOtherType = names.filter((name) => known[name] !== undefined && known[name] !== keyword);
  if (ofOtherType.length > 0) {
    const which = ofOtherType.join(', ');
    throw new EnvironmentError(`the Temporal namespace ${namespace} has ${which} of another type than Keyword`);
  }
  const missing = names.filter((name) => known[name] === undefined);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
  try {
    await inTime(() => operator.addSearchAttributes({ namespace, searchAttributes }));
  } catch (error) {
    if (!isAlreadyThere(error)) refuse(namespace, missing, error);
  }
}

function refuse(namespace: string, names: string[], cause: unknown): never {
  const options = names.map((name) => `--name ${name} --type Keyword`).join(' ');
  const problem = cause instanceof Error ? cause.message : String(cause);
  throw new EnvironmentError(
    `the Temporal namespace ${namespace} may lack search attributes that the runs need, and this worker may not ` +
      `see to it (${problem}).\nRegister them: temporal operator search-attribute create --namespace ${namespace} ${options}`,
  );
}

/** gRPC status PERMISSION_DENIED or UNIMPLEMENTED: a cloud may keep this to its own console. */
function mayNotAsk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 7 || error.code === 12);
}

/** gRPC status ALREADY_EXISTS: another worker that starts at the same time was faster. */
function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 6;
}
