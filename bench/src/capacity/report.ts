import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { capacityTable } from './capacityTable';
import { historyCost, type HistoryCost } from './historyCost';
import { readFigures } from './readFigures';
import { resourcesOf } from './resources';

export const latestResults = join(repositoryRoot, 'bench', 'results', 'latest.json');

const ordersPerSecond = [100, 1000, 10_000];

/** Computes the capacity model from a results file and the recorded histories. Returns the model as Markdown. */
export function capacityReport(resultsPath: string): string {
  const { source, figure } = readFigures(readJson(resultsPath));
  const histories = { declined: recorded('declined'), paid: recorded('paid'), dispatch: recorded('dispatch') };
  return `From ${source}.\n\n${capacityTable(resourcesOf(figure, histories), ordersPerSecond)}`;
}

/**
 * Returns the cost of a recorded run. The histories match the current code, because `make test` replays all of them.
 */
function recorded(name: string): HistoryCost {
  return historyCost(readJson(join(repositoryRoot, 'tests', 'histories', `${name}.json`)));
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
