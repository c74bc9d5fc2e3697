import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { WorkflowHandle } from '@temporalio/client';
import { repositoryRoot } from '@widget-store/dev';

/** A history in Temporal's JSON format, which the CLI and the Web UI export. */
export type HistoryJson = Record<string, unknown>;

const folder = join(__dirname, '../../../histories');

export async function exportHistory(run: WorkflowHandle): Promise<HistoryJson> {
  const history = await run.fetchHistory();
  return anonymous(historyToJSON(history));
}

/**
 * Replaces this machine's host name, and removes the path of the repository. Identities and names of sticky queues
 * contain the host name, and stack traces contain paths.
 */
function anonymous(json: string): HistoryJson {
  return JSON.parse(json.replaceAll(hostname(), 'recorder').replaceAll(`${repositoryRoot}/`, '')) as HistoryJson;
}

/**
 * Writes the histories that have no recording yet. A recording is never replaced, because runs with the same history
 * may be open somewhere (see `docs/decisions/changing-a-workflow.md`).
 */
export async function writeHistories(histories: Record<string, HistoryJson>): Promise<void> {
  const recorded = await readHistories();
  for (const [name, history] of Object.entries(histories)) {
    if (name in recorded) continue;
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(history, undefined, 1)}\n`);
  }
}

/** Returns the recorded histories by name. A name is the path of a file in `tests/histories`, without `.json`. */
export async function readHistories(): Promise<Record<string, HistoryJson>> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json'));
  const entries = files.map(async (file) => {
    const text = await readFile(join(folder, file), 'utf8');
    return [file.replace('.json', ''), JSON.parse(text) as HistoryJson] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
