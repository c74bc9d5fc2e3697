import { dirname, join } from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { WorkerEnv } from './env';

/** Which of the store's bundles: they hold the same workflows, and every history replays on each of them. */
export interface BundleOptions {
  /** With the interceptors of tracing around the workflows; a worker that does not trace never loads it. */
  traced: boolean;
  /** For a worker with a build id: the workflows say which of them end on the build that began them. */
  versioned: boolean;
  /** For a worker that encrypts: failures of workflows say what they say in a payload. */
  encrypted?: boolean;
}

/** Every kind of bundle that a worker may ask for. */
export const everyBundle: BundleOptions[] = [false, true].flatMap((traced) =>
  [false, true].flatMap((versioned) => [false, true].map((encrypted) => ({ traced, versioned, encrypted }))),
);

/** Where `make build` leaves the workflows, ready to run: nothing is compiled when a production worker starts. */
export function prebuiltBundlePath({ traced, versioned, encrypted = false }: BundleOptions): string {
  const kinds = Object.entries({ versioned, traced, encrypted }).flatMap(([name, is]) => (is ? [name] : []));
  return join(__dirname, '..', 'dist', ['workflows', ...kinds, 'bundle', 'js'].join('.'));
}

export function bundleWorkflows({ versioned, ...options }: BundleOptions): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPackage = dirname(dirname(require.resolve('@widget-store/workflows')));
  const workflowsPath = join(workflowsPackage, 'src', versioned ? 'versioned.ts' : 'index.ts');
  return bundleModule(workflowsPath, options);
}

/** The one way workflow code is bundled, for production and for development: always from its TypeScript source. */
export function bundleModule(
  workflowsPath: string,
  { traced, encrypted = false }: Omit<BundleOptions, 'versioned'>,
): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath,
    ...(encrypted && { failureConverterPath }),
    workflowInterceptorModules: traced ? [require.resolve(tracingInterceptors)] : [],
    logger: silentBelowWarning,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, conditionNames: ['@widget-store/source', '...'] },
    }),
  });
}

/** The same module in the bundle and in the worker around it, whose activities fail too. */
export const failureConverterPath = require.resolve('@widget-store/workflows/encodedFailures');

const tracingInterceptors = '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors';

/** The bundle that a worker of this environment runs. */
export async function loadBundle(
  { prebuiltBundle, deploymentVersion, temporal }: Pick<WorkerEnv, 'prebuiltBundle' | 'deploymentVersion' | 'temporal'>,
  { traced }: Pick<BundleOptions, 'traced'>,
): Promise<WorkflowBundleOption> {
  const encrypted = temporal.payloadKeys?.current !== undefined;
  const options = { traced, versioned: deploymentVersion !== undefined, encrypted };
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
