import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { withLogFields } from '@widget-store/runtime';

type ActivityInfo = Parameters<ActivityInterceptorsFactory>[0]['info'];

/** Adds ids to the log lines of activities. */
export const withIdsInLogs: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute: (input, next) => withLogFields(idsOf(info, input.args[0]), () => next(input)),
  },
});

/** The ids for the log lines of an activity. The input of most activities contains the id of one order. */
function idsOf({ activityType, workflowExecution }: ActivityInfo, input: unknown): Record<string, string> {
  const workflowId = workflowExecution?.workflowId ?? '';
  const orderId = typeof input === 'object' && input !== null && 'orderId' in input ? input.orderId : undefined;
  return { activity: activityType, workflowId, ...(typeof orderId === 'string' ? { orderId } : {}) };
}
