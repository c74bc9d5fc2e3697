import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { files, type HistoryRecord } from '../evidence';
import { readJsonLines } from '../historyFile';
import { type Anomaly, breaking } from './anomaly';

/**
 * I9, the replay: the current code replays every history. The histories of terminated runs are left out, because no
 * worker continues these runs.
 */
export async function judgeReplays(folder: string, bundlePath: string): Promise<Anomaly[]> {
  const records = readJsonLines<HistoryRecord>(join(folder, files.temporalHistories));
  const histories = records
    .filter(({ status }) => status !== 'TERMINATED')
    .map(({ workflowId, history }) => ({ workflowId, history: historyFromJSON(history) }));
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const broken: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { codePath: bundlePath } },
    histories,
  )) {
    if (error !== undefined) broken.push(`${workflowId} does not replay: ${error.message}`);
  }
  return breaking('I9', broken);
}
