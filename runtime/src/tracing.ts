import type { Span } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { WorkflowClientInterceptor } from '@temporalio/client';

export interface SpanOptions {
  name: string;
  kind: 'server' | 'client' | 'internal';
  attributes?: Record<string, string | number>;
  /** Headers of an incoming request; the span continues the trace of their `traceparent` (W3C Trace Context). */
  headers?: Headers;
}

/** Traces of a process, exported by OTLP. */
export interface Tracing {
  /** Runs work in a new span. The span is marked as failed when the work throws. */
  inSpan<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** Headers that make a request to another server join the trace. */
  outgoingHeaders(): Record<string, string>;
  clientInterceptors: WorkflowClientInterceptor[];
  /** Exports spans, also those of workflows. */
  spanProcessor: SpanProcessor;
  resource: Resource;
  /** Exports the remaining spans. */
  close(): Promise<void>;
}
