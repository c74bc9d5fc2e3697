import { contestants } from '../contestant';
import { median } from '../measure/statistics';
import type { Samples } from '../results';
import type { Ratios } from './ratios';

const isCpu = (measure: string): boolean => /\.cpuMs\./.test(measure);
const isProcess = (measure: string): boolean => /^memory|^startUp/.test(measure);
/** Each is a table of its own. */
const groups = [(measure: string) => !isCpu(measure) && !isProcess(measure), isCpu, isProcess];

/** Everything of a run as Markdown: the goals first, then each measure with the spread of its rounds. */
export function tables(ratios: Ratios, samples: Samples[]): string {
  const goals = Object.entries(ratios).map(([name, { value, goal, what, ours, theirs }]) => {
    const reached = value >= goal ? 'yes' : 'no';
    return `| ${name} | ${what} | ${round(ours)} | ${round(theirs)} | ${value.toFixed(2)} | ${goal.toFixed(2)} | ${reached} |`;
  });
  return [
    '| goal | of | ours | theirs | ratio | at least | reached |',
    '|---|---|---|---|---|---|---|',
    ...goals,
    '',
    ...groups.flatMap((belongs) => figures(samples.filter(({ measure }) => belongs(measure)))),
    ...Object.entries(contestants).map(([name, what]) => `- \`${name}\`: ${what}`),
  ].join('\n');
}

/** A table and the empty line after it; nothing when a run of some scenarios has none of these measures. */
function figures(samples: Samples[]): string[] {
  if (samples.length === 0) return [];
  const names = [...new Set(samples.map(({ contestant }) => contestant))];
  const measures = [...new Set(samples.map(({ measure }) => measure))];
  const cell = (measure: string, name: string): string => {
    const values = samples.find((sample) => sample.measure === measure && sample.contestant === name)?.values;
    if (values === undefined) return '';
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return values.length === 1 ? round(median(values)) : `${round(median(values))} (${round(least)} to ${round(most)})`;
  };
  return [
    `| | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---').join('|')}|`,
    ...measures.map((measure) => `| ${measure} | ${names.map((name) => cell(measure, name)).join(' | ')} |`),
    '',
  ];
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
