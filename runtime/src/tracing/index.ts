export { openTracing } from './openTracing';
export { traceStore } from './traceStore';
export type { Tracing } from './tracing';
