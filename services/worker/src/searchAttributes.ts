import { setTimeout as delay } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { EnvironmentError, type Logger } from '@widget-store/runtime';
import { searchAttributeNames } from '@widget-store/workflows/contract';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
const keyword = 2;
const callDeadlineMs = 5000;
const retryEveryMs = 500;

export interface SearchAttributesDeps {
  connection: Pick<NativeConnection, 'operatorService' | 'withDeadline'>;
  namespace: string;
  /** Ends the wait for a Temporal that is away. */
  stop: AbortSignal;
  log: Pick<Logger, 'warn'>;
}

/**
 * Sees to it that the namespace knows the search attributes of our runs, because each task of a run that sets an unknown one
 * fails for ever (`BadSearchAttributes`). Registers what is missing, where it may. A Temporal that is away is waited for.
 *
 * @throws EnvironmentError that says how to register them, where it may not, or where one has another type
 */
export async function ensureSearchAttributes(deps: SearchAttributesDeps): Promise<void> {
  while (!deps.stop.aborted) {
    try {
      await ensureOnce(deps);
      return;
    } catch (error) {
      if (!transientCodes.has(codeOf(error))) throw error;
      await delay(retryEveryMs);
    }
  }
}

async function ensureOnce({ connection, namespace, log }: SearchAttributesDeps): Promise<void> {
  const { operatorService: operator } = connection;
  const inTime = <T>(call: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + callDeadlineMs, call);

  const known = await inTime(() => operator.listSearchAttributes({ namespace })).then(
    ({ customAttributes }): Record<string, number> => customAttributes,
    (error: unknown) => {
      if (!deniedCodes.has(codeOf(error))) throw error;
      log.warn(
        { namespace },
        'this worker may not see the search attributes of the namespace; it takes them for given',
      );
      return undefined;
    },
  );
  if (known === undefined) return;
  const names = Object.values(searchAttributeNames);
  const ofOtherType = names.filter((name) => known[name] !== undefined && known[name] !== keyword);
  if (ofOtherType.length > 0) {
    const which = ofOtherType.join(', ');
    throw new EnvironmentError(`the Temporal namespace ${namespace} has ${which} of another type than Keyword`);
  }
  const missing = names.filter((name) => known[name] === undefined);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
  await inTime(() => operator.addSearchAttributes({ namespace, searchAttributes })).catch((error: unknown) => {
    if (transientCodes.has(codeOf(error))) throw error;
    // Another worker that starts at the same time was faster.
    if (codeOf(error) !== alreadyThereCode) refuse(namespace, missing);
  });
}

function refuse(namespace: string, missing: string[]): never {
  const options = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
  throw new EnvironmentError(
    `the Temporal namespace ${namespace} lacks the search attributes ${missing.join(', ')}, without which every run would be ` +
      'stuck, and this worker could not register them.\n' +
      `Do it by hand: temporal operator search-attribute create --namespace ${namespace} ${options}`,
  );
}

/* gRPC status codes (grpc.io, "Status codes"). */
const alreadyThereCode = 6;
/** PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED: a managed Temporal that keeps its operator's calls to itself. */
const deniedCodes = new Set([7, 12, 16]);
/** CANCELLED, UNKNOWN, NOT_FOUND while the namespace is being made, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE. */
const transientCodes = new Set([1, 2, 4, 5, 8, 14]);

function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : Number.NaN;
}
