import { resolve } from 'node:path';
import { bundleModule } from '@widget-store/worker';

export function bundleBareWorkflow(): ReturnType<typeof bundleModule> {
  // This is the path of the TypeScript source, even if this file runs from `dist`.
  return bundleModule(resolve(__dirname, '..', '..', 'src', 'floor', 'bareWorkflow.ts'));
}
