import { contestants } from '../contestant';
import { median } from '../measure/statistics';
import type { Samples } from '../results';
import type { Ratios } from './ratios';

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
    ...figures(samples.filter(({ measure }) => !/\.cpuMs\.|^memory|^startUp/.test(measure))),
    '',
    ...figures(samples.filter(({ measure }) => /\.cpuMs\./.test(measure))),
    '',
    ...figures(samples.filter(({ measure }) => /^memory|^startUp/.test(measure))),
    '',
    ...Object.entries(contestants).map(([name, what]) => `- \`${name}\`: ${what}`),
  ].join('\n');
}

function figures(samples: Samples[]): string[] {
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
  ];
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
