import type { Part } from '../removePart';

/**
 * The traces of OpenTelemetry. The storefront and the sandbox gateway still send `traceparent`, because other tracers
 * read this standard header too.
 */
export const telemetry: Part = {
  paths: [
    'runtime/src/tracing',
    'services/api/src/middleware/trace.ts',
    'services/worker/src/tracing.ts',
    'tests/programs/tracingCost.js',
    'tests/src/observability/loadedModules.cjs',
    'tests/src/observability/otlpReceiver.ts',
    'tests/src/observability/tracing.test.ts',
    'workflows/src/sandbox/tracingInterceptors.ts',
  ],
  drops: {
    '.github/dependabot.yml': ['opentelemetry:'],
    'SECURITY.md': ['| GHSA-8988-4f7v-96qf'],
    'activities/src/sandbox/sandboxGateway.ts': [
      '/** Returns the headers that continue',
      'headers?:',
      'headers = ()',
      '...headers(),',
    ],
    'deploy/helm/values-ha.yaml': ['telemetry:', 'otlp:'],
    'deploy/helm/values.schema.json': ['"telemetry",', '"telemetry": {', '"otlp": {'],
    'deploy/helm/values.yaml': ['telemetry:', '# Used only with telemetry', 'otlp:'],
    'docs/adapting.md': ['| `telemetry` |'],
    'docs/configuration.md': ['| `OTEL_EXPORTER_OTLP_ENDPOINT` |'],
    'docs/operations.md': ['## Traces'],
    'runtime/package.json': [
      '"./tracing": {',
      '"@opentelemetry/api"',
      '"@opentelemetry/context-async-hooks"',
      '"@opentelemetry/core"',
      '"@opentelemetry/exporter-trace-otlp-http"',
      '"@opentelemetry/resources"',
      '"@opentelemetry/sdk-trace-base"',
      '"@temporalio/interceptors-opentelemetry"',
    ],
    'runtime/src/serviceVariables.ts': [
      'OTEL_EXPORTER_OTLP_ENDPOINT:',
      '/** Whether a collector',
      'tracing: boolean',
      'tracing: env',
    ],
    'runtime/src/temporal/client.ts': [
      'type WorkflowClientInterceptor,',
      '* @param interceptors',
      'interceptors?: WorkflowClientInterceptor',
      '...(interceptors ',
    ],
    'services/api/src/app.ts': [
      'import type { Tracing }',
      'import { trace }',
      '/** Undefined if tracing',
      'tracing: Tracing',
      'if (deps.tracing)',
    ],
    'services/api/src/main.ts': ['import { openTracing', 'const tracing =', 'tracing,', 'await tracing?.close()'],
    'services/worker/package.json': ['"@temporalio/interceptors-opentelemetry"'],
    'services/worker/src/bundle.ts': ['workflowInterceptorModules:', 'tracing: env'],
    'services/worker/src/gateway.ts': ['import type { Tracing }', '...(tracing && '],
    'services/worker/src/runWorker.ts': [
      'import { openTracing',
      'import { withSpans }',
      'const tracing =',
      'const store = traceStore',
      'await tracing?.close()',
    ],
    'tests/src/temporal/encryption.test.ts': [
      'import { type OtlpReceiver',
      'let traces:',
      'traces = await',
      'await traces.close()',
      'await eventually(() => traces.bodies',
    ],
    'workflows/package.json': ['"@temporalio/interceptors-opentelemetry"'],
    'workflows/src/sandbox/settings.ts': ['/** Whether workflows create spans', 'tracing?: boolean'],
  },
  replacements: {
    '.github/dependabot.yml': [[", '@opentelemetry/*'", '']],
    'CONTRIBUTING.md': [
      [', metrics, traces.', ', metrics.'],
      [' OpenTelemetry stays at 1.30 until the Temporal SDK has interceptors for version 2.', ''],
    ],
    'README.md': [['environment, logs, metrics and traces of', 'environment, logs and metrics of']],
    'deploy/helm/templates/_helpers.tpl': [
      [
        `{{- if .Values.telemetry.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .Values.telemetry.otlpEndpoint | quote }}
{{- end }}
`,
        '',
      ],
    ],
    'deploy/helm/templates/network-policies.yaml': [
      [
        `    {{- if .Values.telemetry.otlpEndpoint }}
    {{- include "store.egress" $policy.otlp | nindent 4 }}
    {{- end }}
`,
        '',
      ],
    ],
    'deploy/helm/values.schema.json': [[', "otlp"]', ']']],
    'services/api/src/main.ts': [
      ['traceStore(openObservedStore(env, registry), tracing)', 'openObservedStore(env, registry)'],
      [', tracing?.clientInterceptors', ''],
    ],
    'services/worker/src/gateway.ts': [
      ['{ store, tracing }: { store: Store; tracing: Tracing | undefined }', '{ store }: { store: Store }'],
    ],
    'services/worker/src/runWorker.ts': [
      ['const observed =', 'const store ='],
      ['{ store, tracing }', '{ store }'],
      ['await withSpans(options, tracing)', 'options'],
    ],
    'services/worker/src/worker.ts': [["'interceptors' | 'sinks'", "'interceptors'"]],
    'tests/src/temporal/encryption.test.ts': [
      [', OTEL_EXPORTER_OTLP_ENDPOINT: traces.url', ''],
      [', traces: traces.bodies.join()', ''],
    ],
    'tests/src/temporal/replay.test.ts': [
      ['{ tracing: true, versioning: true }', '{ versioning: true }'],
      ['{ tracing: true, encryption: true }', '{ encryption: true }'],
    ],
  },
};
