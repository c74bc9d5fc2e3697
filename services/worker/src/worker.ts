import {
  type NativeConnection,
  Worker,
  type WorkerDeploymentOptions,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createPayloadCodec, type PayloadKeys } from '@widget-store/runtime/temporal';
import type { Activities } from '@widget-store/contract';
import { failureConverterPath } from './bundle';
import type { DeploymentVersion } from './env';

/**
 * A workflow task keeps its slot while its local activity waits for a database connection. With many more slots than
 * connections, the additional tasks would only wait for connections. Activities get more slots, because a dispatch
 * sleeps for nearly all of its ten seconds. Each dispatch executes one short statement a second, so a thousand
 * dispatches execute a thousand statements a second.
 */
export const limits = {
  // A worker with 500 cached runs used 430 MB on Node 20, and 820 MB with 2,000. A run that is not cached costs about
  // 10 ms of CPU more at its next task, because the worker replays its history.
  maxCachedWorkflows: 500,
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentLocalActivityExecutions: 40,
  maxConcurrentActivityTaskExecutions: 1000,
  // With the default ratio of sticky polls, the first task of a run waits for seconds under load.
  maxConcurrentWorkflowTaskPolls: 10,
  nonStickyToStickyPollRatio: 0.5,
  maxConcurrentActivityTaskPolls: 5,
  // The tasks of a crashed worker leave its sticky queue after this time. A worker that is too busy for a task of a
  // cached run loses this task after the same time, and the run is then replayed.
  stickyQueueScheduleToStartTimeout: '1 second',
  // A stopping worker waits only briefly for its activities. Another worker continues its dispatches from the
  // database.
  shutdownGraceTime: '2 seconds',
  shutdownForceTime: '10 seconds',
} as const satisfies Partial<WorkerOptions>;

/** All options of a worker except its limits. */
export interface StoreWorkerOptions extends Pick<WorkerOptions, 'interceptors' | 'sinks'> {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  workflowBundle: WorkflowBundleOption;
  activities: Activities;
  /** Undefined if the worker takes every task of its queue. Otherwise, Temporal decides which runs the worker gets. */
  deploymentVersion?: DeploymentVersion | undefined;
  /** Undefined if the worker neither encrypts nor decrypts payloads. */
  payloadKeys?: PayloadKeys | undefined;
}

/** Creates a worker for all workflows and activities of the store. The caller runs the worker and shuts it down. */
export function createWorker({ deploymentVersion, payloadKeys, ...options }: StoreWorkerOptions): Promise<Worker> {
  return Worker.create({
    ...limits,
    ...options,
    ...(deploymentVersion && { workerDeploymentOptions: versioned(deploymentVersion) }),
    ...(payloadKeys && { dataConverter: encrypting(payloadKeys) }),
  });
}

/** `failureConverterPath` names the failure converter for activities. The bundle contains the one for workflows. */
function encrypting(keys: PayloadKeys) {
  const payloadCodecs = [createPayloadCodec(keys)];
  return keys.current === undefined ? { payloadCodecs } : { payloadCodecs, failureConverterPath };
}

/**
 * `workflows/src/index.ts` sets the versioning of each workflow. A run of a workflow whose versioning is not set there
 * stays on the build that started the run.
 */
function versioned(version: DeploymentVersion): WorkerDeploymentOptions {
  return { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' };
}
