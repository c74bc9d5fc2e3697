import { dirname, join } from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Where `make build` leaves the workflows, ready to run: nothing is compiled when a production worker starts. */
export const prebuiltBundlePath = join(__dirname, '..', 'dist', 'workflows.bundle.js');

/** The one way workflow code is bundled, for production and for development: always from its TypeScript source. */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPackage = dirname(dirname(require.resolve('@widget-store/workflows')));
  return bundleWorkflowCode({
    workflowsPath: join(workflowsPackage, 'src', 'index.ts'),
    logger: silentBelowWarning,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, conditionNames: ['@widget-store/source', '...'] },
    }),
  });
}

/** @param prebuilt whether to take the bundle of the build */
export async function loadBundle(prebuilt: boolean): Promise<WorkflowBundleOption> {
  return prebuilt ? { codePath: prebuiltBundlePath } : bundleWorkflows();
}

/** The bundler reports its progress at `info`; a build or a start wants to hear of trouble only. */
const silentBelowWarning = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  log: () => {},
  warn: (message: string) => process.stderr.write(`${message}\n`),
  error: (message: string) => process.stderr.write(`${message}\n`),
};
