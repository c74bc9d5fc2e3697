export { bundleWorkflows } from './bundle';
export { runWorker } from './run';
export { createRuns } from './runs';
export { createWorker } from './worker';
