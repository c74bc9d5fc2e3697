import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { settings } from './settings';

declare function require(module: string): { interceptors: WorkflowInterceptorsFactory };

/** The interceptors of OpenTelemetry. The sandbox loads them for each run, but only if tracing is on. */
export const interceptors: WorkflowInterceptorsFactory = () =>
  settings.tracing ? require('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors').interceptors() : {};
