export { bundleModule, bundleWorkflows, everyBundle } from './bundle';
export { runWorker } from './run';
export { createRuns } from './runs';
export { keepSchedule } from './schedule';
export { createWorker } from './worker';
export { ensureSearchAttributes, type SearchAttributesDeps } from './searchAttributes';
