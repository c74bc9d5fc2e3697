export { bundleModule, bundleWorkflows, withSettings } from './bundle';
export { connectWithRetry } from './connect';
export { runWorker } from './runWorker';
export { createRuns } from './reconcilerRuns';
export { ensureSchedule } from './schedule';
export { createWorker, limits } from './worker';
export { ensureSearchAttributes, type SearchAttributesDeps } from './searchAttributes';
