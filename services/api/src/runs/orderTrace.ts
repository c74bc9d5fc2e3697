import type { WorkflowClient } from '@temporalio/client';
import type { Tracing } from '@widget-store/runtime';
import { checkoutWorkflowId } from '@widget-store/contract';

interface TracedRunsDeps {
  temporal: WorkflowClient;
  /** Undefined when traces go nowhere. */
  tracing: Tracing | undefined;
}

/** What a new checkout run remembers of the request that starts it; nothing when that is in no trace. */
export function traceMemo(tracing: Tracing | undefined): { memo?: Record<string, string> } {
  return tracing === undefined ? {} : { memo: tracing.outgoingHeaders() };
}

/**
 * Does what a gateway's call asks for in the trace in which the checkout began. A gateway starts a trace of its own, or goes
 * on with one of its own; the request stays there, and each of the two spans has a link to the other.
 */
export async function inTraceOfCheckout<T>(
  { tracing, temporal }: TracedRunsDeps,
  { idempotencyKey, name }: { idempotencyKey: string; name: string },
  work: () => Promise<T>,
): Promise<T> {
  if (tracing === undefined) return work();
  const traceparent = await readTraceparent(temporal, idempotencyKey);
  return tracing.inTraceOf({ name, traceparent }, work);
}

/** A payment is worth more than its trace: a run that cannot be asked is one without a trace. */
async function readTraceparent(temporal: WorkflowClient, idempotencyKey: string): Promise<string | undefined> {
  const described = await temporal
    .getHandle(checkoutWorkflowId(idempotencyKey))
    .describe()
    .catch(() => undefined);
  const traceparent = described?.memo?.['traceparent'];
  return typeof traceparent === 'string' ? traceparent : undefined;
}
