import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import type { SandboxSettings } from '@widget-store/workflows';
import type { WorkerEnv } from './env';

/** Where `make build` writes the bundle, so a production worker compiles nothing at its start. */
export const prebuiltBundlePath = join(__dirname, '..', 'dist', 'workflows.bundle.js');

/** The converter of failures outside the sandbox: for activities. */
export const failureConverterPath = require.resolve('@widget-store/workflows/encodedFailures');

const workflowsSource = join(dirname(dirname(require.resolve('@widget-store/workflows'))), 'src');
const sandboxModule = (name: string): string => join(workflowsSource, 'sandbox', name);

/** Bundles the store's workflows. Every worker runs this one bundle, with its own settings: see `withSettings`. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  return bundleModule(join(workflowsSource, 'index.ts'));
}

/** The one way to bundle workflows: always from their TypeScript source. */
export async function bundleModule(workflowsPath: string): Promise<WorkflowBundle> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    failureConverterPath: sandboxModule('failureConverter.ts'),
    workflowInterceptorModules: [sandboxModule('tracingInterceptors.ts')],
    logger: silentBelowWarning,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, conditionNames: ['@widget-store/source', '...'] },
    }),
  });
  return { code };
}

/** The bundle with what a worker decides for its runs (`workflows/src/sandbox/settings.ts`). Without settings all are off. */
export function withSettings({ code }: WorkflowBundle, settings: SandboxSettings): WorkflowBundle {
  // On the first line of the code, so that the lines of the source map stay right.
  return { code: `const sandboxSettings = ${JSON.stringify(settings)}; ${code}` };
}

/** The bundle that a worker of this environment runs. */
export async function loadBundle(env: WorkerEnv): Promise<WorkflowBundle> {
  const bundle = env.prebuiltBundle ? { code: await readFile(prebuiltBundlePath, 'utf8') } : await bundleWorkflows();
  return withSettings(bundle, {
    tracing: env.tracing,
    versioning: env.deploymentVersion !== undefined,
    encryption: env.temporal.payloadKeys?.current !== undefined,
  });
}

/** The bundler logs its progress at `info`. */
const silentBelowWarning = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  log: () => {},
  warn: (message: string) => process.stderr.write(`${message}\n`),
  error: (message: string) => process.stderr.write(`${message}\n`),
};
