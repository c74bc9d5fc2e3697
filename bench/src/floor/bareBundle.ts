import { resolve } from 'node:path';
import { bundleModule } from '@widget-store/worker';

/** Bundles the bare workflow as the store's own workflows are bundled. */
export function bundleBareWorkflow(): ReturnType<typeof bundleModule> {
  // The source, also when this file runs from `dist`.
  return bundleModule(resolve(__dirname, '..', '..', 'src', 'floor', 'bareWorkflow.ts'));
}
