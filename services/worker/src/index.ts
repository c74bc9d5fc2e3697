export { bundleModule, bundleWorkflows, everyBundle } from './bundle';
export { connectWhenThere } from './connect';
export { runWorker } from './runWorker';
export { createRuns } from './reconcilerRuns';
export { keepSchedule } from './schedule';
export { createWorker, limits } from './worker';
export { ensureSearchAttributes, type SearchAttributesDeps } from './searchAttributes';
