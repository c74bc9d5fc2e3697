export { bundleModule, bundleWorkflows, everyBundle } from './bundle';
export { connectWhenThere } from './connect';
export { runWorker } from './run';
export { createRuns } from './runs';
export { keepSchedule } from './schedule';
export { createWorker, limits } from './worker';
export { ensureSearchAttributes, type SearchAttributesDeps } from './searchAttributes';
