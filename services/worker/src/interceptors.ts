import type { ActivityInterceptorsFactory, WorkerOptions } from '@temporalio/worker';
import { type Tracing, withLogFields } from '@widget-store/runtime';

type ActivityInfo = Parameters<ActivityInterceptorsFactory>[0]['info'];

/** What surrounds every activity and, when traces are wanted, workflows: spans, and ids on the lines of the log. */
export async function createInterceptors(
  tracing: Tracing | undefined,
): Promise<Pick<WorkerOptions, 'interceptors' | 'sinks'>> {
  if (tracing === undefined) return { interceptors: { activity: [namedInLogs] } };
  const { makeWorkflowExporter, OpenTelemetryActivityInboundInterceptor } =
    await import('@temporalio/interceptors-opentelemetry/lib/worker/index.js');
  const traced: ActivityInterceptorsFactory = (context) => ({
    inbound: new OpenTelemetryActivityInboundInterceptor(context),
  });
  return {
    interceptors: { activity: [traced, namedInLogs] },
    sinks: { exporter: makeWorkflowExporter(tracing.spanProcessor, tracing.resource) },
  };
}

const namedInLogs: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute: (input, next) => withLogFields(idsOf(info, input.args[0]), () => next(input)),
  },
});

/** Nearly every activity is about one order, which its input names. */
function idsOf({ activityType, workflowExecution }: ActivityInfo, input: unknown): Record<string, string> {
  const workflowId = workflowExecution?.workflowId ?? '';
  const orderId = typeof input === 'object' && input !== null && 'orderId' in input ? input.orderId : undefined;
  return { activity: activityType, workflowId, ...(typeof orderId === 'string' ? { orderId } : {}) };
}
