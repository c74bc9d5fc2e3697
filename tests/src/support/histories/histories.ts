import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { WorkflowHandle } from '@temporalio/client';
import { repositoryRoot } from '@widget-store/dev';

/** A history in Temporal's JSON format, as the CLI and the Web UI export it. */
export type HistoryJson = Record<string, unknown>;

const folder = join(__dirname, '../../../histories');

/** The history of a run, open or closed, as it is now. */
export async function exportHistory(run: WorkflowHandle): Promise<HistoryJson> {
  const history = await run.fetchHistory();
  return anonymous(historyToJSON(history));
}

/** Removes the host name (in identities and names of sticky queues) and the paths (in stack traces) of this machine. */
function anonymous(json: string): HistoryJson {
  return JSON.parse(json.replaceAll(hostname(), 'recorder').replaceAll(`${repositoryRoot}/`, '')) as HistoryJson;
}

/**
 * Records the paths that have no recording yet. A recording is never replaced, because runs like it may be open somewhere: see
 * `docs/decisions/changing-a-workflow.md`.
 */
export async function writeHistories(histories: Record<string, HistoryJson>): Promise<void> {
  const recorded = await readHistories();
  for (const [name, history] of Object.entries(histories)) {
    if (name in recorded) continue;
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(history, undefined, 1)}\n`);
  }
}

/** The recorded histories by the name of their path, with the folder of a patch before it. */
export async function readHistories(): Promise<Record<string, HistoryJson>> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json'));
  const entries = files.map(async (file) => {
    const text = await readFile(join(folder, file), 'utf8');
    return [file.replace('.json', ''), JSON.parse(text) as HistoryJson] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
