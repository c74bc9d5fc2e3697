import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { WorkflowHandle } from '@temporalio/client';
import { repositoryRoot } from '@widget-store/dev';

/** A history in Temporal's JSON form, as the CLI and the Web UI export it. */
export type HistoryJson = Record<string, unknown>;

const folder = join(__dirname, '../../../histories');

/** The history of a run as it is now, with its end or without. */
export async function exportHistory(run: WorkflowHandle): Promise<HistoryJson> {
  const history = await run.fetchHistory();
  return anonymous(historyToJSON(history));
}

/** Takes out the name of the machine that recorded it, in identities and names of sticky queues, and its paths, in stack traces. */
function anonymous(json: string): HistoryJson {
  return JSON.parse(json.replaceAll(hostname(), 'recorder').replaceAll(`${repositoryRoot}/`, '')) as HistoryJson;
}

/**
 * Records the paths that have no recording yet. A recording is never replaced, because runs like it may be open somewhere;
 * `docs/decisions/changing-a-workflow.md` says where it goes when a workflow changes.
 */
export async function writeHistories(histories: Record<string, HistoryJson>): Promise<void> {
  const recorded = await readHistories();
  for (const [name, history] of Object.entries(histories)) {
    if (name in recorded) continue;
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(history, undefined, 1)}\n`);
  }
}

/** The histories in the repository, by path; those of runs from before a change have the name of its folder before theirs. */
export async function readHistories(): Promise<Record<string, HistoryJson>> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json'));
  const entries = files.map(async (file) => {
    const text = await readFile(join(folder, file), 'utf8');
    return [file.replace('.json', ''), JSON.parse(text) as HistoryJson] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
