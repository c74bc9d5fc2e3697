import type { Tracing } from './tracing';

/**
 * Starts tracing. If tracing is off, neither OpenTelemetry nor the SDK's interceptors are loaded. OpenTelemetry reads
 * its standard variables itself (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`).
 */
export async function openTracing(service: string, { enabled }: { enabled: boolean }): Promise<Tracing | undefined> {
  if (!enabled) return undefined;
  const { startOpenTelemetry } = await import('./openTelemetry.js');
  return startOpenTelemetry(`widget-store-${service}`);
}
