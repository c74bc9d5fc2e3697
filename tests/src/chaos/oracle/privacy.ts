import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleBuyers } from '@widget-store/dev';
import { files, type HistoryRecord } from '../evidence';
import { readJsonLines } from '../historyFile';
import { type Anomaly, breaking } from './anomaly';

/**
 * The surnames, email addresses and streets of the sandbox gateway's example buyers. These texts occur nowhere else.
 */
const canaries = exampleBuyers.flatMap(({ name, email, line1 }) => [...name.split(' ').slice(1), email, line1]);

/** I12: no history of Temporal and no log line has personal data. */
export function judgePrivacy(folder: string): Anomaly[] {
  const histories = readJsonLines<HistoryRecord>(join(folder, files.temporalHistories));
  const log = join(folder, files.log);
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(hasCanary) : [];
  return breaking('I12', [
    ...histories
      .filter(({ history }) => hasCanary(readable(history)))
      .map(({ workflowId }) => `the history of ${workflowId} has personal data`),
    ...lines.map((line) => `a log line has personal data: ${line}`),
  ]);
}

function hasCanary(text: string): boolean {
  return canaries.some((canary) => text.includes(canary));
}

/** Returns the text of a history, followed by the decoded text of the history's base64 payloads. */
function readable(history: object): string {
  const text = JSON.stringify(history);
  const payloads = [...text.matchAll(/"data":"(?<data>[^"]+)"/g)].map(({ groups }) => groups?.['data'] ?? '');
  return [text, ...payloads.map((data) => Buffer.from(data, 'base64').toString('utf8'))].join('\n');
}
