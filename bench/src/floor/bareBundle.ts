import { resolve } from 'node:path';
import { bundleModule } from '@widget-store/worker';

/** The same file from `src` (jest) and from `dist`. */
const workflowsPath = resolve(__dirname, '..', '..', 'src', 'floor', 'bareWorkflow.ts');

/** The bare workflow as a worker runs it, made as the store's own bundle is. */
export async function bundleBareWorkflow(): Promise<{ code: string }> {
  const { code } = await bundleModule(workflowsPath, { traced: false });
  return { code };
}
