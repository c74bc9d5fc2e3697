export { bundleWorkflows } from './bundle';
export { runWorker } from './run';
export { createWorker } from './worker';
export { ensureSearchAttributes, type SearchAttributesDeps } from './searchAttributes';
