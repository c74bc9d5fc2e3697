import { resolve } from 'node:path';
import { bundleModule } from '@widget-store/worker';

/** Bundles the bare workflow as the store's own workflows are bundled. */
export async function bundleBareWorkflow(): Promise<{ code: string }> {
  // The source, also when this file runs from `dist`.
  const { code } = await bundleModule(resolve(__dirname, '..', '..', 'src', 'floor', 'bareWorkflow.ts'), {
    traced: false,
  });
  return { code };
}
