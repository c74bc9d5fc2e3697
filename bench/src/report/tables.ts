import { contestants } from '../contestant';
import { median } from '../measure/statistics';
import type { Figures } from '../results';
import type { Ratios } from './ratios';

const isCpu = (measure: string): boolean => /\.cpuMs\./.test(measure);
const isOfProcess = (measure: string): boolean => /^memory|^startUp/.test(measure);
/** The groups of measures. Each group has its own table. */
const groups = [(measure: string) => !isCpu(measure) && !isOfProcess(measure), isCpu, isOfProcess];

/** Returns the results of a run as Markdown: first the ratios, then each measure with the spread of its rounds. */
export function tables(ratios: Ratios, figures: Figures): string {
  const goals = Object.entries(ratios).map(([name, { value, goal, what, ours, theirs }]) => {
    const isReached = goal === undefined ? '' : value >= goal ? 'yes' : 'no';
    const ratio = `${round(ours)} | ${round(theirs)} | ${value.toFixed(2)}`;
    return `| ${name} | ${what} | ${ratio} | ${goal?.toFixed(2) ?? ''} | ${isReached} |`;
  });
  return [
    '| compared | figures | ours | theirs | ratio | goal | reached |',
    '|---|---|---|---|---|---|---|',
    ...goals,
    '',
    ...groups.flatMap((belongs) => table(figures, belongs)),
    ...Object.entries(contestants).map(([name, what]) => `- \`${name}\`: ${what}`),
  ].join('\n');
}

/** Returns a table and an empty line after it, or nothing if the run has none of these measures. */
function table(figures: Figures, belongs: (measure: string) => boolean): string[] {
  const columns = Object.entries(figures).filter(([, values]) => Object.keys(values).some(belongs));
  if (columns.length === 0) return [];
  const measures = new Set(columns.flatMap(([, values]) => Object.keys(values).filter(belongs)));
  return [
    `| | ${columns.map(([name]) => name).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...[...measures].map(
      (measure) => `| ${measure} | ${columns.map(([, values]) => cell(values[measure])).join(' | ')} |`,
    ),
    '',
  ];
}

function cell(values: number[] | undefined): string {
  if (values === undefined) return '';
  const spread = values.length === 1 ? '' : ` (${round(Math.min(...values))} to ${round(Math.max(...values))})`;
  return `${round(median(values))}${spread}`;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
