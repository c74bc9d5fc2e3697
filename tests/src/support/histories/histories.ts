import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { WorkflowHandle } from '@temporalio/client';
import { repositoryRoot } from '@widget-store/dev';

/** A history in Temporal's JSON form, as the CLI and the Web UI export it. */
export type HistoryJson = Record<string, unknown>;

const folder = join(__dirname, '../../../histories');
const current = 'current';

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
 * Records the paths that have no recording yet. A recording is never replaced: when a workflow changes, `current` is renamed
 * after the release that made it, and the next recording makes another `current`.
 */
export async function writeHistories(histories: Record<string, HistoryJson>): Promise<void> {
  await mkdir(join(folder, current), { recursive: true });
  const recorded = await readHistories();
  for (const [name, history] of Object.entries(histories)) {
    if (currentName(name) in recorded) continue;
    await writeFile(join(folder, current, `${name}.json`), `${JSON.stringify(history, undefined, 1)}\n`);
  }
}

/** The histories in the repository, by release and name: what runs look like that may still be open somewhere. */
export async function readHistories(): Promise<Record<string, HistoryJson>> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json'));
  const entries = files.map(async (file) => {
    const text = await readFile(join(folder, file), 'utf8');
    return [file.replace('.json', ''), JSON.parse(text) as HistoryJson] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** How `readHistories` names the recording of a path as it is now. */
export function currentName(path: string): string {
  return join(current, path);
}
