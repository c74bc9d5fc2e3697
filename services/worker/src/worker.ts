import { type NativeConnection, Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import { type ActivitiesDeps, createActivities } from '@widget-store/activities';
import type { TemporalClient } from '@widget-store/runtime';
import { createRuns } from './runs';

const tickMs = 1000;

/**
 * Explicit limits. Workflow tasks hold their slot while a local activity waits for one of the pool's connections, so more
 * slots than a few a connection would only queue there. A dispatch sleeps for nearly all of its ten seconds and touches
 * the pool for ten short statements: a thousand of them are a hundred statements a second.
 */
const limits = {
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

export interface WorkerDeps extends Pick<ActivitiesDeps, 'store' | 'gateway' | 'publicUrl' | 'monitor'> {
  connection: NativeConnection;
  /** The reconciler asks it about the runs. */
  temporal: Pick<TemporalClient, 'workflows'>;
  namespace: string;
  taskQueue: string;
  workflowBundle: WorkflowBundleOption;
}

/** A worker that runs every workflow and activity of the store; the caller runs it and shuts it down. */
export function createWorker({ store, gateway, publicUrl, monitor, temporal, ...options }: WorkerDeps): Promise<Worker> {
  const runs = createRuns(temporal, { taskQueue: options.taskQueue });
  const activities = createActivities({ store, gateway, publicUrl, monitor, runs, tickMs });
  return Worker.create({ ...limits, ...options, activities });
}
