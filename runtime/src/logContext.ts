import { AsyncLocalStorage } from 'node:async_hooks';

/** Ids of the work that a log line belongs to, such as `requestId`, `traceId`, `workflowId` and `orderId`. */
export type LogFields = Record<string, string>;

const context = new AsyncLocalStorage<LogFields>();

/** Adds the fields to every log line of the work. Nested calls keep the fields of the outer ones. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return context.run({ ...context.getStore(), ...fields }, work);
}

/** The fields of the current work. */
export function logFields(): LogFields {
  return { ...context.getStore() };
}
