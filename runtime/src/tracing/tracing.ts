import type { Span } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { WorkflowClientInterceptor } from '@temporalio/client';

export interface SpanOptions {
  name: string;
  kind: 'server' | 'client' | 'internal';
  attributes?: Record<string, string | number>;
  /**
   * The headers of an incoming request. The span continues the trace that their `traceparent` names (W3C Trace
   * Context).
   */
  headers?: Headers;
}

/** Creates the spans of a process and exports them by OTLP. */
export interface Tracing {
  /** Runs work in a new span. The span is marked as failed if the work throws. */
  inSpan<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** Headers for a request to another server. With them, the spans of that server join the trace. */
  outgoingHeaders(): Record<string, string>;
  clientInterceptors: WorkflowClientInterceptor[];
  /** Exports the spans of the process and of its workflows. */
  spanProcessor: SpanProcessor;
  resource: Resource;
  /** Exports the remaining spans. */
  close(): Promise<void>;
}
