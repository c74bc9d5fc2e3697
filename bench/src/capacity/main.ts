import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { capacityTable } from './capacityTable';
import { historyCost, type HistoryCost } from './historyCost';
import { resourcesOf } from './resources';
import { readFigures } from './readFigures';

const ordersPerSecond = [100, 1000, 10_000];

/** Prints the capacity model of the last `make bench`, or of the results whose file is given. */
function main(): void {
  const [, , path = join(repositoryRoot, 'bench', 'results', 'latest.json')] = process.argv;
  if (!existsSync(path)) {
    process.stderr.write(`There are no results at ${path}: run make bench first.\n`);
    process.exitCode = 1;
    return;
  }
  const { source, figure } = readFigures(readJson(path));
  const histories = { declined: recorded('declined'), paid: recorded('paid'), dispatch: recorded('dispatch') };
  const table = capacityTable(resourcesOf(figure, histories), ordersPerSecond);
  process.stdout.write(`From ${source}.\n\n${table}\n`);
}

/** The runs of today's code, which `make test` replays. */
function recorded(name: string): HistoryCost {
  return historyCost(readJson(join(repositoryRoot, 'tests', 'histories', 'current', `${name}.json`)));
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

main();
