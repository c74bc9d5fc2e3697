import { context, propagation, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry/lib/client/index.js';
import { withLogFields } from '../logContext';
import type { SpanOptions, Tracing } from './tracing';

const kinds: Record<SpanOptions['kind'], SpanKind> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
};

/**
 * Starts the exporter of spans. This module loads OpenTelemetry, so `openTracing` imports this module only if tracing
 * is on.
 */
export function startOpenTelemetry(serviceName: string): Tracing {
  const resource = new Resource({ 'service.name': serviceName });
  const spanProcessor = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new BasicTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register({
    contextManager: new AsyncLocalStorageContextManager().enable(),
    propagator: new W3CTraceContextPropagator(),
  });
  const tracer = provider.getTracer('widget-store');
  return {
    inSpan: ({ name, kind, attributes = {}, headers }, work) => {
      const parent = headers === undefined ? context.active() : contextOf(headers);
      return tracer.startActiveSpan(name, { kind: kinds[kind], attributes }, parent, (span) =>
        withLogFields(idsOf(span), () => runInSpan(span, work)),
      );
    },
    outgoingHeaders: () => {
      const headers: Record<string, string> = {};
      propagation.inject(context.active(), headers);
      return headers;
    },
    clientInterceptors: [new OpenTelemetryWorkflowClientInterceptor({ tracer })],
    spanProcessor,
    resource,
    close: () => provider.shutdown(),
  };
}

/**
 * Reads only `traceparent`. The free text in `tracestate` is from the caller, and must not reach histories or the
 * gateway.
 */
function contextOf(headers: Headers) {
  return propagation.extract(context.active(), headers, {
    get: (carrier, key) => (key === 'traceparent' ? (carrier.get(key) ?? undefined) : undefined),
    keys: () => ['traceparent'],
  });
}

function idsOf(span: Span) {
  const { traceId, spanId } = span.spanContext();
  return { traceId, spanId };
}

async function runInSpan<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await work(span);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
    throw error;
  } finally {
    span.end();
  }
}
