import type { Span } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { aroundMethods } from './aroundMethods';

interface SpanOptions {
  name: string;
  kind: 'server' | 'client' | 'internal';
  attributes?: Record<string, string | number>;
  /** Of a request that came in: its `traceparent` (W3C Trace Context) is continued. */
  headers?: Headers;
}

/** Traces of a process, exported by OTLP. */
export interface Tracing {
  /** Runs work within a span of its own, which is marked as failed when the work throws. */
  inSpan<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** What a request to another server carries so that it joins the trace. */
  outgoingHeaders(): Record<string, string>;
  clientInterceptors: WorkflowClientInterceptor[];
  /** Where spans go, for those of workflows, which are made elsewhere. */
  spanProcessor: SpanProcessor;
  resource: Resource;
  /** Exports what is left. */
  close(): Promise<void>;
}

/**
 * Opens tracing when `OTEL_EXPORTER_OTLP_ENDPOINT` says where spans go. Otherwise it is off: neither SDK, exporter
 * nor interceptors are even loaded. The SDK's other standard variables (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`) work too.
 */
export async function openTracing(service: string): Promise<Tracing | undefined> {
  // The exporter reads its variables itself, so this one is no part of a program's own environment.
  // oxlint-disable-next-line no-process-env
  if (!process.env['OTEL_EXPORTER_OTLP_ENDPOINT']) return undefined;
  const { startOpenTelemetry } = await import('./openTelemetry.js');
  return startOpenTelemetry(`widget-store-${service}`);
}

/** The same object with a span around each call of its asynchronous methods; the object itself when tracing is off. */
export function traceMethods<T extends object>(
  target: T,
  { tracing, system, unseen }: { tracing: Tracing | undefined; system: string; unseen: (keyof T)[] },
): T {
  if (tracing === undefined) return target;
  return aroundMethods(target, unseen, (method, call) =>
    tracing.inSpan({ name: `${system} ${method}`, kind: 'client', attributes: { 'db.system': system } }, call),
  );
}
