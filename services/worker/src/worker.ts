import {
  type NativeConnection,
  Worker,
  type WorkerDeploymentOptions,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createPayloadCodec, type PayloadKeys } from '@widget-store/runtime';
import type { Activities } from '@widget-store/contract';
import { failureConverterPath } from './bundle';
import type { DeploymentVersion } from './env';

/**
 * Explicit limits. Workflow tasks hold their slot while a local activity waits for one of the pool's connections, so more
 * slots than a few a connection would only queue there. A dispatch sleeps for nearly all of its ten seconds and touches
 * the pool for ten short statements: a thousand of them are a hundred statements a second.
 */
export const limits = {
  maxCachedWorkflows: 2000,
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentLocalActivityExecutions: 40,
  maxConcurrentActivityTaskExecutions: 1000,
  // With the default share of sticky polls, first tasks wait for seconds under load.
  maxConcurrentWorkflowTaskPolls: 10,
  nonStickyToStickyPollRatio: 0.5,
  maxConcurrentActivityTaskPolls: 5,
  // After a crash the dead worker's own queue is given up this soon.
  stickyQueueScheduleToStartTimeout: '3 seconds',
  // Dispatches are handed to another worker rather than waited for: their progress is in the database.
  shutdownGraceTime: '2 seconds',
  shutdownForceTime: '10 seconds',
} as const satisfies Partial<WorkerOptions>;

export interface WorkerDeps {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  workflowBundle: WorkflowBundleOption;
  activities: Activities;
  /** Undefined for a worker that takes every task of its queue; with one, Temporal decides which runs are its own. */
  deploymentVersion?: DeploymentVersion | undefined;
  /** Undefined when nothing is encrypted. */
  payloadKeys?: PayloadKeys | undefined;
  /** Of `createInterceptors`. */
  surroundings?: Pick<WorkerOptions, 'interceptors' | 'sinks'>;
}

/** A worker that runs every workflow and activity of the store; the caller runs it and shuts it down. */
export function createWorker({ surroundings, deploymentVersion, payloadKeys, ...deps }: WorkerDeps): Promise<Worker> {
  const versioning = deploymentVersion && { workerDeploymentOptions: versioned(deploymentVersion) };
  const encryption = payloadKeys && { dataConverter: encrypting(payloadKeys) };
  return Worker.create({ ...limits, ...versioning, ...encryption, ...surroundings, ...deps });
}

/** The bundle has the same converter of failures, see `BundleOptions`. */
function encrypting(keys: PayloadKeys) {
  const payloadCodecs = [createPayloadCodec(keys)];
  return keys.current === undefined ? { payloadCodecs } : { payloadCodecs, failureConverterPath };
}

/** `workflows/src/versioned.ts` has how each workflow is versioned; one that it forgot stays on the build that began it. */
function versioned(version: DeploymentVersion): WorkerDeploymentOptions {
  return { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' };
}
