import { msToTs } from '@temporalio/common/lib/time';
import type { NativeConnection } from '@temporalio/worker';
import { EnvironmentError, type Logger } from '@widget-store/runtime';
import { alreadyExistsCode, codeOf, deniedCodes, notFoundCode, retryWhileAway, withDeadline } from '../temporalCalls';

const dayMs = 24 * 60 * 60 * 1000;
const defaultRetentionDays = 7;

export interface NamespaceDeps {
  connection: Pick<NativeConnection, 'workflowService' | 'withDeadline'>;
  namespace: string;
  /**
   * The number of days for which Temporal keeps closed runs. If undefined, an existing namespace keeps its retention,
   * and a new namespace gets a week.
   */
  retentionDays: number | undefined;
  /** While Temporal does not answer, the calls are retried until this signal is aborted. */
  stop: AbortSignal;
  log: Pick<Logger, 'info'>;
}

/**
 * Creates the namespace if it is missing, and changes its retention if that differs from `retentionDays`.
 *
 * @throws EnvironmentError if these credentials are not allowed to read, create or change the namespace. For a refused
 * creation or change, the error says what to do by hand
 */
export function ensureNamespace(deps: NamespaceDeps): Promise<void> {
  return retryWhileAway(deps.stop, async () => {
    const currentDays = await readRetentionDays(deps);
    if (currentDays === undefined) await create(deps);
    else await setRetention(deps, currentDays);
  });
}

/** @returns undefined if the namespace does not exist */
async function readRetentionDays({ connection, namespace }: NamespaceDeps): Promise<number | undefined> {
  try {
    const { config } = await withDeadline(connection, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1000) / dayMs;
  } catch (error) {
    if (codeOf(error) === notFoundCode) return undefined;
    throw refusal(error, `these credentials are not allowed to read the namespace ${namespace}`);
  }
}

async function create({ connection, namespace, retentionDays, log }: NamespaceDeps): Promise<void> {
  const days = retentionDays ?? defaultRetentionDays;
  const period = { namespace, workflowExecutionRetentionPeriod: retentionOf(days) };
  try {
    await withDeadline(connection, () => connection.workflowService.registerNamespace(period));
  } catch (error) {
    if (codeOf(error) !== alreadyExistsCode) {
      const complaint = `the namespace ${namespace} does not exist, and these credentials are not allowed to create it.`;
      throw refusal(error, `${complaint} ${byHand.create}`);
    }
  }
  log.info({ namespace, retentionDays: days }, 'namespace created');
}

async function setRetention(
  { connection, namespace, retentionDays, log }: NamespaceDeps,
  currentDays: number,
): Promise<void> {
  if (retentionDays === undefined || retentionDays === currentDays) {
    log.info({ namespace, retentionDays: currentDays }, 'namespace exists');
    return;
  }
  const config = { workflowExecutionRetentionTtl: retentionOf(retentionDays) };
  try {
    await withDeadline(connection, () => connection.workflowService.updateNamespace({ namespace, config }));
  } catch (error) {
    const fact = `the namespace ${namespace} keeps closed runs for ${currentDays} days`;
    throw refusal(
      error,
      `${fact}, and these credentials are not allowed to change that. ${byHand.setRetention(namespace, retentionDays)}`,
    );
  }
  log.info({ namespace, retentionDays, before: currentDays }, 'retention changed');
}

function retentionOf(days: number) {
  return msToTs(days * dayMs);
}

/**
 * Instructions for Temporal Cloud, which does not allow `registerNamespace` and `updateNamespace`. Operators use the
 * console or `tcld` instead.
 */
const byHand = {
  create:
    'At Temporal Cloud, create it in the console, and set TEMPORAL_NAMESPACE to its full name, which ends with the account.',
  setRetention: (namespace: string, days: number) =>
    `At Temporal Cloud: tcld namespace retention set --namespace ${namespace} --retention-days ${days}`,
};

function refusal(error: unknown, complaint: string): unknown {
  return deniedCodes.has(codeOf(error)) ? new EnvironmentError(complaint, { cause: error }) : error;
}
