import { resolve } from 'node:path';
import { bundleModule } from '@widget-store/worker';

export function bundleBareWorkflow(): ReturnType<typeof bundleModule> {
  // Resolves to the source, even if this file runs from `dist`.
  return bundleModule(resolve(__dirname, '..', '..', 'src', 'floor', 'bareWorkflow.ts'));
}
