import type { NativeConnection } from '@temporalio/worker';
import { EnvironmentError, type Logger } from '@widget-store/runtime';
import { searchAttributeNames } from '@widget-store/contract';
import {
  alreadyExistsCode,
  codeOf,
  deniedCodes,
  invalidArgumentCode,
  retryWhileAway,
  transientCodes,
  withDeadline,
} from './temporalCalls';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
const keyword = 2;

export interface SearchAttributesDeps {
  connection: Pick<NativeConnection, 'operatorService' | 'workflowService' | 'withDeadline'>;
  namespace: string;
  /** Ends the wait for a Temporal that is away. */
  stop: AbortSignal;
  log: Pick<Logger, 'warn'>;
}

/**
 * Registers the missing search attributes of our runs in the namespace. A run that sets an unregistered one fails each task
 * (`BadSearchAttributes`). It waits while Temporal is away.
 *
 * @throws EnvironmentError that says how to register them, if these credentials may not, or that one has another type
 */
export function ensureSearchAttributes(deps: SearchAttributesDeps): Promise<void> {
  return retryWhileAway(deps.stop, () => ensureOnce(deps));
}

async function ensureOnce(deps: SearchAttributesDeps): Promise<void> {
  const { connection, namespace } = deps;
  const { operatorService: operator } = connection;
  const names = Object.values(searchAttributeNames);
  const registered = await withDeadline(connection, () => operator.listSearchAttributes({ namespace })).then(
    ({ customAttributes }): Record<string, number> => customAttributes,
    (error: unknown) => {
      if (deniedCodes.has(codeOf(error))) return undefined;
      throw error;
    },
  );
  if (registered === undefined) return checkByQuery(deps, names);
  const ofOtherType = names.filter((name) => registered[name] !== undefined && registered[name] !== keyword);
  if (ofOtherType.length > 0) {
    const which = ofOtherType.join(', ');
    throw new EnvironmentError(`the Temporal namespace ${namespace} has ${which} of another type than Keyword`);
  }
  const missing = names.filter((name) => registered[name] === undefined);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
  await withDeadline(connection, () => operator.addSearchAttributes({ namespace, searchAttributes })).catch(
    (error: unknown) => {
      if (transientCodes.has(codeOf(error))) throw error;
      // Another worker that starts at the same time has registered them.
      if (codeOf(error) !== alreadyExistsCode) throw missingAttributes(namespace, missing);
    },
  );
}

/** Credentials that may not list search attributes, as at Temporal Cloud, may still query for one. */
async function checkByQuery({ connection, namespace, log }: SearchAttributesDeps, names: string[]): Promise<void> {
  const isMissing = async (name: string): Promise<boolean> => {
    const query = `${name} = 'none'`;
    try {
      await withDeadline(connection, () => connection.workflowService.countWorkflowExecutions({ namespace, query }));
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
  const checked = await Promise.all(names.map(async (name) => ({ name, missing: await isMissing(name) })));
  const missing = checked.filter((one) => one.missing).map(({ name }) => name);
  if (missing.length > 0) throw missingAttributes(namespace, missing);
}

function missingAttributes(namespace: string, missing: string[]): EnvironmentError {
  const options = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
  const cloudOptions = missing.map((name) => `--search-attribute ${name}=Keyword`).join(' ');
  return new EnvironmentError(
    `the Temporal namespace ${namespace} lacks the search attributes ${missing.join(', ')}. Without them every run would be ` +
      'stuck, and these credentials could not register them.\n' +
      `Register them by hand: temporal operator search-attribute create --namespace ${namespace} ${options}\n` +
      `At Temporal Cloud: tcld namespace search-attributes add --namespace ${namespace} ${cloudOptions}`,
  );
}
