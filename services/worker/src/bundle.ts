import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import type { SandboxSettings } from '@widget-store/workflows';
import type { WorkerEnv } from './env';

/** `make build` writes the bundle to this path, so that a production worker compiles nothing when it starts. */
export const prebuiltBundlePath = join(__dirname, '..', 'dist', 'workflows.bundle.js');

/** The failure converter for activities, which run outside the sandbox. */
export const failureConverterPath = require.resolve('@widget-store/workflows/encodedFailures');

const workflowsSource = join(dirname(dirname(require.resolve('@widget-store/workflows'))), 'src');
const sandboxModule = (name: string): string => join(workflowsSource, 'sandbox', name);

/** Bundles the store's workflows. All workers run the same bundle. `withSettings` adds the settings of one worker. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  return bundleModule(join(workflowsSource, 'index.ts'));
}

/** Bundles a workflow module from its TypeScript source. */
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

/**
 * Adds a worker's settings to the bundle (see `workflows/src/sandbox/settings.ts`). In a bundle without settings, all
 * settings are off.
 */
export function withSettings({ code }: WorkflowBundle, settings: SandboxSettings): WorkflowBundle {
  // The settings share the first line with the code, so that the line numbers of the source map stay correct.
  return { code: `const sandboxSettings = ${JSON.stringify(settings)}; ${code}` };
}

/** Loads the bundle for a worker with this environment. */
export async function loadBundle(env: WorkerEnv): Promise<WorkflowBundle> {
  const bundle = env.prebuiltBundle ? { code: await readFile(prebuiltBundlePath, 'utf8') } : await bundleWorkflows();
  return withSettings(bundle, {
    tracing: env.tracing,
    versioning: env.deploymentVersion !== undefined,
    encryption: env.temporal.payloadKeys?.current !== undefined,
  });
}

/** Drops the lines below `warn`, because the bundler logs its progress at `info`. */
const silentBelowWarning = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  log: () => {},
  warn: (message: string) => process.stderr.write(`${message}\n`),
  error: (message: string) => process.stderr.write(`${message}\n`),
};
