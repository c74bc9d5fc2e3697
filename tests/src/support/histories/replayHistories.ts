import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { HistoryJson } from './histories';

/** A sink that discards the spans of traced workflows. */
const nowhere = { fn: () => {}, callDuringReplay: false };

/**
 * Replays histories with the code of a workflow bundle.
 *
 * @returns the names of the histories that this code cannot replay
 */
export async function namesOfBroken(
  histories: Record<string, HistoryJson>,
  workflowBundle: WorkflowBundleOption,
): Promise<string[]> {
  const named = Object.entries(histories).map(([workflowId, history]) => ({ workflowId, history }));
  const options = { workflowBundle, sinks: { exporter: { export: nowhere } } };
  const broken: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(options, named)) {
    if (error !== undefined) broken.push(workflowId);
  }
  return broken;
}
