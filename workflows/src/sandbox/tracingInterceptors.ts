import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { settings } from './settings';

declare function require(module: string): { interceptors: WorkflowInterceptorsFactory };

/** OpenTelemetry's interceptors. The sandbox loads them for each run, so a worker that does not trace never does. */
export const interceptors: WorkflowInterceptorsFactory = () =>
  settings.tracing ? require('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors').interceptors() : {};
