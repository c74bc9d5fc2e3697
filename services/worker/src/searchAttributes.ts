import type { NativeConnection } from '@temporalio/worker';
import { EnvironmentError, type Logger } from '@widget-store/runtime';
import { searchAttributeNames } from '@widget-store/contract';
import {
  alreadyThereCode,
  callDeadlineMs,
  codeOf,
  deniedCodes,
  transientCodes,
  untilTemporalAnswers,
} from './temporalCalls';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
const keyword = 2;
const invalidArgumentCode = 3;

export interface SearchAttributesDeps {
  connection: Pick<NativeConnection, 'operatorService' | 'workflowService' | 'withDeadline'>;
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
export function ensureSearchAttributes(deps: SearchAttributesDeps): Promise<void> {
  return untilTemporalAnswers(deps.stop, () => ensureOnce(deps));
}

async function ensureOnce(deps: SearchAttributesDeps): Promise<void> {
  const { connection, namespace } = deps;
  const { operatorService: operator } = connection;
  const inTime = <T>(call: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + callDeadlineMs, call);

  const names = Object.values(searchAttributeNames);
  const known = await inTime(() => operator.listSearchAttributes({ namespace })).then(
    ({ customAttributes }): Record<string, number> => customAttributes,
    (error: unknown) => {
      if (deniedCodes.has(codeOf(error))) return undefined;
      throw error;
    },
  );
  if (known === undefined) return findOutByQuery(deps, names);
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

/** Where a login may not list them, as at Temporal Cloud, a query that names one tells whether it is there. */
async function findOutByQuery({ connection, namespace, log }: SearchAttributesDeps, names: string[]): Promise<void> {
  const isMissing = async (name: string): Promise<boolean> => {
    const count = () => connection.workflowService.countWorkflowExecutions({ namespace, query: `${name} = 'none'` });
    try {
      await connection.withDeadline(Date.now() + callDeadlineMs, count);
    } catch (error) {
      if (codeOf(error) === invalidArgumentCode) return true;
      if (!deniedCodes.has(codeOf(error))) throw error;
      log.warn(
        { namespace, name },
        'these credentials cannot tell whether a search attribute exists; assuming that it does',
      );
    }
    return false;
  };
  const answers = await Promise.all(names.map(async (name) => ({ name, missing: await isMissing(name) })));
  const missing = answers.filter((answer) => answer.missing).map(({ name }) => name);
  if (missing.length > 0) refuse(namespace, missing);
}

function refuse(namespace: string, missing: string[]): never {
  const options = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
  const cloudOptions = missing.map((name) => `--search-attribute ${name}=Keyword`).join(' ');
  throw new EnvironmentError(
    `the Temporal namespace ${namespace} lacks the search attributes ${missing.join(', ')}, without which every run would be ` +
      'stuck, and these credentials could not register them.\n' +
      `Do it by hand: temporal operator search-attribute create --namespace ${namespace} ${options}\n` +
      `At Temporal Cloud: tcld namespace search-attributes add --namespace ${namespace} ${cloudOptions}`,
  );
}
