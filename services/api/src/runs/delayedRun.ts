import { checkoutWorkflowId, dispatchWorkflowId, type FailureType, failureTypes } from '@widget-store/contract';
import type { Checkout } from '@widget-store/db';
import { Problem } from '../problem';
import type { RunsContext } from './context';

/** How long Temporal can take to describe a run. The time is short, because the client has already waited. */
const describeDeadlineMs = 1000;

/**
 * Looks for a failing step that the run of an order keeps retrying, and reports it as the reason for the delay.
 *
 * @returns undefined if no step fails with a type that `delayProblem` knows, or if Temporal does not answer
 */
export async function findDelay(
  { temporal }: Pick<RunsContext, 'temporal'>,
  { status, idempotencyKey, orderId }: Pick<Checkout, 'status' | 'idempotencyKey' | 'orderId'>,
): Promise<Problem | undefined> {
  const workflowId = status === 'PENDING' ? checkoutWorkflowId(idempotencyKey) : dispatchWorkflowId(orderId);
  try {
    const { raw } = await temporal.withDeadline(Date.now() + describeDeadlineMs, () =>
      temporal.getHandle(workflowId).describe(),
    );
    const types = raw.pendingActivities?.map(({ lastFailure }) => lastFailure?.applicationFailureInfo?.type);
    return Object.values(failureTypes)
      .filter((type) => types?.includes(type))
      .map(delayProblem)
      .find((problem) => problem !== undefined);
  } catch {
    return undefined;
  }
}

const keepsTrying = 'The store keeps trying. Ask again in a moment.';

/**
 * The problem to report while a run retries a step that fails with this type. Undefined for all types that are not
 * listed here.
 */
export function delayProblem(type: FailureType): Problem | undefined {
  switch (type) {
    case failureTypes.productBusy:
      return new Problem('product_busy', `Somebody is changing a product of this order. ${keepsTrying}`);
    case failureTypes.databaseUnavailable:
    case failureTypes.databaseRejected:
      return new Problem('postgres_unavailable', `The database cannot store the order at the moment. ${keepsTrying}`);
    case failureTypes.gatewayUnavailable:
    case failureTypes.gatewayMisconfigured:
      return new Problem('gateway_unavailable', `The payment gateway is not available at the moment. ${keepsTrying}`);
    default:
      return undefined;
  }
}
