export { bundleWorkflows } from './bundle';
export { createWorker } from './worker';
