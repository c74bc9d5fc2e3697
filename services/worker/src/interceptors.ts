import type { ActivityInterceptorsFactory, WorkerOptions } from '@temporalio/worker';
import { type Tracing, withLogFields } from '@widget-store/runtime';

type ActivityInfo = Parameters<ActivityInterceptorsFactory>[0]['info'];

/** Adds ids to the log lines of activities. If tracing is on, also creates spans for activities and workflows. */
export async function createInterceptors(
  tracing: Tracing | undefined,
): Promise<Pick<WorkerOptions, 'interceptors' | 'sinks'>> {
  if (tracing === undefined) return { interceptors: { activity: [withIdsInLogs] } };
  const { makeWorkflowExporter, OpenTelemetryActivityInboundInterceptor } =
    await import('@temporalio/interceptors-opentelemetry/lib/worker/index.js');
  const traced: ActivityInterceptorsFactory = (context) => ({
    inbound: new OpenTelemetryActivityInboundInterceptor(context),
  });
  return {
    interceptors: { activity: [traced, withIdsInLogs] },
    sinks: { exporter: makeWorkflowExporter(tracing.spanProcessor, tracing.resource) },
  };
}

const withIdsInLogs: ActivityInterceptorsFactory = ({ info }) => ({
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
