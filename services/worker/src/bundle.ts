import { dirname, join } from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Where `make build` leaves the workflows, ready to run: nothing is compiled when a production worker starts. */
export const prebuiltBundlePath = join(__dirname, '..', 'dist', 'workflows.bundle.js');
/** The same workflows with the interceptors of tracing around them; a worker that does not trace never loads it. */
export const prebuiltTracedBundlePath = join(__dirname, '..', 'dist', 'workflows.traced.bundle.js');

export interface BundleOptions {
  traced: boolean;
}

/** The one way workflow code is bundled, for production and for development: always from its TypeScript source. */
export function bundleWorkflows({ traced }: BundleOptions): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPackage = dirname(dirname(require.resolve('@widget-store/workflows')));
  return bundleWorkflowCode({
    workflowsPath: join(workflowsPackage, 'src', 'index.ts'),
    workflowInterceptorModules: traced ? [require.resolve(tracingInterceptors)] : [],
    logger: silentBelowWarning,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, conditionNames: ['@widget-store/source', '...'] },
    }),
  });
}

const tracingInterceptors = '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors';

/** @param options.prebuilt whether to take the bundle of the build */
export async function loadBundle(options: BundleOptions & { prebuilt: boolean }): Promise<WorkflowBundleOption> {
  if (!options.prebuilt) return bundleWorkflows(options);
  return { codePath: options.traced ? prebuiltTracedBundlePath : prebuiltBundlePath };
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
