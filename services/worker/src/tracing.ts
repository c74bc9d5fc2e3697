import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Tracing } from '@widget-store/runtime/tracing';
import type { StoreWorkerOptions } from './worker';

/** Returns the options of a worker that creates spans for activities and workflows, if tracing is on. */
export async function withSpans(
  options: StoreWorkerOptions,
  tracing: Tracing | undefined,
): Promise<StoreWorkerOptions> {
  if (tracing === undefined) return options;
  const { makeWorkflowExporter, OpenTelemetryActivityInboundInterceptor } =
    await import('@temporalio/interceptors-opentelemetry/lib/worker/index.js');
  const traced: ActivityInterceptorsFactory = (context) => ({
    inbound: new OpenTelemetryActivityInboundInterceptor(context),
  });
  const { interceptors } = options;
  return {
    ...options,
    // A span must begin before the other interceptors run.
    interceptors: { ...interceptors, activity: [traced, ...(interceptors?.activity ?? [])] },
    sinks: { exporter: makeWorkflowExporter(tracing.spanProcessor, tracing.resource) },
  };
}
