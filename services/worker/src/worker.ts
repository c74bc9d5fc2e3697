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
 * A workflow task holds its slot while its local activity waits for a connection of the pool, so many more slots than
 * connections would only queue there. A dispatch sleeps nearly all of its ten seconds and makes ten short statements: a thousand
 * of them are a thousand statements a second.
 */
export const limits = {
  maxCachedWorkflows: 2000,
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentLocalActivityExecutions: 40,
  maxConcurrentActivityTaskExecutions: 1000,
  // With the default ratio of sticky polls, first tasks wait for seconds under load.
  maxConcurrentWorkflowTaskPolls: 10,
  nonStickyToStickyPollRatio: 0.5,
  maxConcurrentActivityTaskPolls: 5,
  // After a crash, tasks leave the dead worker's sticky queue after this time.
  stickyQueueScheduleToStartTimeout: '3 seconds',
  // Another worker continues the dispatches from the database, so this one does not wait for them.
  shutdownGraceTime: '2 seconds',
  shutdownForceTime: '10 seconds',
} as const satisfies Partial<WorkerOptions>;

/** Every option but the limits. */
export interface StoreWorkerOptions extends Pick<WorkerOptions, 'interceptors' | 'sinks'> {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  workflowBundle: WorkflowBundleOption;
  activities: Activities;
  /** Undefined for a worker that takes every task of its queue. Otherwise Temporal decides which runs are its own. */
  deploymentVersion?: DeploymentVersion | undefined;
  /** Undefined when the worker neither encrypts nor decrypts. */
  payloadKeys?: PayloadKeys | undefined;
}

/** A worker for every workflow and activity of the store. The caller runs it and shuts it down. */
export function createWorker({ deploymentVersion, payloadKeys, ...options }: StoreWorkerOptions): Promise<Worker> {
  return Worker.create({
    ...limits,
    ...options,
    ...(deploymentVersion && { workerDeploymentOptions: versioned(deploymentVersion) }),
    ...(payloadKeys && { dataConverter: encrypting(payloadKeys) }),
  });
}

/** The failure converter is for activities. Workflows have theirs in the bundle. */
function encrypting(keys: PayloadKeys) {
  const payloadCodecs = [createPayloadCodec(keys)];
  return keys.current === undefined ? { payloadCodecs } : { payloadCodecs, failureConverterPath };
}

/** `workflows/src/index.ts` says how each workflow is versioned. One that it forgets stays on the build that began it. */
function versioned(version: DeploymentVersion): WorkerDeploymentOptions {
  return { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' };
}
