import { AsyncLocalStorage } from 'node:async_hooks';

/** What a log line says of the work that it belongs to: `requestId`, `traceId`, `workflowId`, `orderId` and the like. */
export type LogFields = Record<string, string>;

const context = new AsyncLocalStorage<LogFields>();

/** Every log line of the work has these fields, beside those of the work around it. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return context.run({ ...context.getStore(), ...fields }, work);
}

/** The fields of the work that runs now. */
export function logFields(): LogFields {
  return { ...context.getStore() };
}
