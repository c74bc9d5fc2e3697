import { dirname, join } from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { WorkerEnv } from './env';

/** Which of the store's bundles: they hold the same workflows, and every history replays on each of them. */
export interface BundleOptions {
  /** With the interceptors of tracing around the workflows; a worker that does not trace never loads it. */
  traced: boolean;
  /** For a worker with a build id: the workflows say which of them end on the build that began them. */
  versioned: boolean;
}

/** Every kind of bundle that a worker may ask for. */
export const everyBundle: BundleOptions[] = [false, true].flatMap((traced) =>
  [false, true].map((versioned) => ({ traced, versioned })),
);

/** Where `make build` leaves the workflows, ready to run: nothing is compiled when a production worker starts. */
export function prebuiltBundlePath({ traced, versioned }: BundleOptions): string {
  const name = ['workflows', ...(versioned ? ['versioned'] : []), ...(traced ? ['traced'] : []), 'bundle', 'js'];
  return join(__dirname, '..', 'dist', name.join('.'));
}

export function bundleWorkflows({ traced, versioned }: BundleOptions): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPackage = dirname(dirname(require.resolve('@widget-store/workflows')));
  const workflowsPath = join(workflowsPackage, 'src', versioned ? 'versioned.ts' : 'index.ts');
  return bundleModule(workflowsPath, { traced });
}

/** The one way workflow code is bundled, for production and for development: always from its TypeScript source. */
export function bundleModule(
  workflowsPath: string,
  { traced }: Pick<BundleOptions, 'traced'>,
): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: traced ? [require.resolve(tracingInterceptors)] : [],
    logger: silentBelowWarning,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, conditionNames: ['@widget-store/source', '...'] },
    }),
  });
}

const tracingInterceptors = '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors';

/** The bundle that a worker of this environment runs. */
export async function loadBundle(
  { prebuiltBundle, deploymentVersion }: Pick<WorkerEnv, 'prebuiltBundle' | 'deploymentVersion'>,
  { traced }: Pick<BundleOptions, 'traced'>,
): Promise<WorkflowBundleOption> {
  const options = { traced, versioned: deploymentVersion !== undefined };
  return prebuiltBundle ? { codePath: prebuiltBundlePath(options) } : bundleWorkflows(options);
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
