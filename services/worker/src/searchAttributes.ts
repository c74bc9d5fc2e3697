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
  /** While Temporal does not answer, the calls are retried until this signal is aborted. */
  stop: AbortSignal;
  log: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Registers the missing search attributes of the store's runs in the namespace. If a run sets an unregistered
 * attribute, each of its workflow tasks fails (`BadSearchAttributes`). Retries while Temporal does not answer.
 *
 * @throws EnvironmentError if an attribute has another type, or if an attribute is missing and these credentials cannot
 * register it. In the second case, the error says how to register the attribute by hand
 */
export function ensureSearchAttributes(deps: SearchAttributesDeps): Promise<void> {
  return retryWhileAway(deps.stop, () => ensureOnce(deps));
}

async function ensureOnce(deps: SearchAttributesDeps): Promise<void> {
  const { connection, namespace, log } = deps;
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
    throw new EnvironmentError(
      `in the Temporal namespace ${namespace}, ${which} must have the type Keyword but has another type`,
    );
  }
  const missing = names.filter((name) => registered[name] === undefined);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
  await withDeadline(connection, () => operator.addSearchAttributes({ namespace, searchAttributes })).catch(
    (error: unknown) => {
      if (transientCodes.has(codeOf(error))) throw error;
      // If the attributes already exist, another worker registered them at the same time.
      if (codeOf(error) !== alreadyExistsCode) throw missingAttributes(namespace, missing);
    },
  );
  log.info({ namespace, missing }, 'search attributes registered');
}

/**
 * Checks with one query per attribute whether the attribute exists. This check is for credentials that are not allowed
 * to list search attributes, such as those of Temporal Cloud.
 */
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
        'cannot check with these credentials whether a search attribute exists; assuming that it exists',
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
