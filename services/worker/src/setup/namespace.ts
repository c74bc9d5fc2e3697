import { msToTs } from '@temporalio/common/lib/time';
import type { NativeConnection } from '@temporalio/worker';
import { EnvironmentError, type Logger } from '@widget-store/runtime';
import { alreadyThereCode, callDeadlineMs, codeOf, deniedCodes, untilTemporalAnswers } from '../temporalCalls';

const dayMs = 24 * 60 * 60 * 1000;
const defaultRetentionDays = 7;
const notFoundCode = 5;

export interface NamespaceDeps {
  connection: Pick<NativeConnection, 'workflowService' | 'withDeadline'>;
  namespace: string;
  /** How long closed runs are kept; undefined to leave it as it is, and to give a new namespace a week. */
  retentionDays: number | undefined;
  /** Ends the wait for a Temporal that is away. */
  stop: AbortSignal;
  log: Pick<Logger, 'info'>;
}

/**
 * Sees to it that the namespace is there and keeps closed runs for as long as it should, where this login may. Changes nothing
 * that is right already.
 *
 * @throws EnvironmentError that says what to do by hand where it may not
 */
export function ensureNamespace(deps: NamespaceDeps): Promise<void> {
  return untilTemporalAnswers(deps.stop, () => ensureOnce(deps));
}

async function ensureOnce({ connection, namespace, retentionDays, log }: NamespaceDeps): Promise<void> {
  const { workflowService: service } = connection;
  const inTime = <T>(call: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + callDeadlineMs, call);

  const keptDays = await inTime(() => service.describeNamespace({ namespace })).then(
    ({ config }) => (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1000) / dayMs,
    (error: unknown) => {
      if (codeOf(error) !== notFoundCode)
        throw refusal(error, `these credentials may not see the namespace ${namespace}`);
      return undefined;
    },
  );
  if (keptDays === undefined) {
    const days = retentionDays ?? defaultRetentionDays;
    const period = { namespace, workflowExecutionRetentionPeriod: retentionOf(days) };
    await inTime(() => service.registerNamespace(period)).catch((error: unknown) => {
      if (codeOf(error) === alreadyThereCode) return;
      throw refusal(
        error,
        `there is no namespace ${namespace}, and these credentials may not create it. ${byHand.namespace}`,
      );
    });
    log.info({ namespace, retentionDays: days }, 'namespace created');
    return;
  }
  if (retentionDays === undefined || retentionDays === keptDays) {
    log.info({ namespace, retentionDays: keptDays }, 'namespace exists');
    return;
  }
  const config = { workflowExecutionRetentionTtl: retentionOf(retentionDays) };
  await inTime(() => service.updateNamespace({ namespace, config })).catch((error: unknown) => {
    const is = `the namespace ${namespace} keeps closed runs for ${keptDays} days`;
    throw refusal(
      error,
      `${is}, and these credentials may not change that. ${byHand.retention(namespace, retentionDays)}`,
    );
  });
  log.info({ namespace, retentionDays, before: keptDays }, 'retention changed');
}

function retentionOf(days: number) {
  return msToTs(days * dayMs);
}

/** Temporal Cloud keeps these calls to its console, to `tcld` and to its operations API. */
const byHand = {
  namespace: 'At Temporal Cloud, make it in the console, and take its name with the account at its end.',
  retention: (namespace: string, days: number) =>
    `At Temporal Cloud: tcld namespace retention set --namespace ${namespace} --retention-days ${days}`,
};

function refusal(error: unknown, words: string): unknown {
  return deniedCodes.has(codeOf(error)) ? new EnvironmentError(words, { cause: error }) : error;
}
