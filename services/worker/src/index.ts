export { bundleWorkflows } from './bundle';
export { runWorker } from './run';
export { createWorker } from './worker';
