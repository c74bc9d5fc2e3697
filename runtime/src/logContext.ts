import { AsyncLocalStorage } from 'node:async_hooks';

/** The ids of the work that a log line belongs to, such as `requestId`, `traceId`, `workflowId` and `orderId`. */
export type LogFields = Record<string, string>;

const context = new AsyncLocalStorage<LogFields>();

/** Adds the fields to every log line of the work. A nested call adds its fields to those of the outer calls. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return context.run({ ...context.getStore(), ...fields }, work);
}

/** The fields of the current work. */
export function logFields(): LogFields {
  return { ...context.getStore() };
}
