import { againstDbos } from './goals';
import type { Ratios } from './ratios';

const [width, labelWidth, rowHeight, top, bottom] = [960, 490, 30, 56, 30];
/** The ratios at the ends of the scale. The scale is logarithmic, so 0.5 and 2 are equally far from 1. */
const [least, most] = [1 / 32, 32];
const gridlines = [0.1, 0.3, 1, 3, 10];
const colours = { ahead: '#1a7f37', behind: '#b35900', text: '#1f2328', grid: '#d0d7de' };

/**
 * Draws the comparisons with DBOS as an SVG picture: one bar each, to the right where this store is better, and to the
 * left where it is worse.
 */
export function pictureOf(ratios: Ratios): string {
  const rows = againstDbos.flatMap(({ name, what }) => {
    const ratio = ratios[name];
    return ratio === undefined ? [] : [{ label: `${name.replace(', to DBOS', '')} (${what})`, value: ratio.value }];
  });
  const height = top + rows.length * rowHeight + bottom;
  const grid = gridlines.map((value) => {
    const x = xOf(value);
    const line = `<line x1="${x}" y1="${top - 8}" x2="${x}" y2="${height - bottom}" stroke="${colours.grid}"/>`;
    return `${line}${textAt(x, height - 10, `${value}×`, 'middle')}`;
  });
  const bars = rows.map(({ label, value }, index) => barOf(label, value, top + index * rowHeight));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    textAt(8, 22, 'This store on Temporal, compared with the same store on DBOS, equal durability', 'start'),
    textAt(xOf(1) - 8, 42, 'behind', 'end'),
    textAt(xOf(1) + 8, 42, 'ahead', 'start'),
    ...grid,
    ...bars,
    '</svg>',
    '',
  ].join('\n');
}

function barOf(label: string, value: number, y: number): string {
  const [from, to] = [xOf(1), xOf(value)];
  const colour = value >= 1 ? colours.ahead : colours.behind;
  const bar = `<rect x="${Math.min(from, to)}" y="${y}" width="${Math.abs(to - from)}" height="18" fill="${colour}"/>`;
  const isAhead = value >= 1;
  const figure = textAt(to + (isAhead ? 6 : -6), y + 14, `${value.toPrecision(2)}×`, isAhead ? 'start' : 'end');
  return `${textAt(8, y + 14, label, 'start')}${bar}${figure}`;
}

function xOf(value: number): number {
  const position = Math.log(Math.min(Math.max(value, least), most) / least) / Math.log(most / least);
  return Math.round(labelWidth + position * (width - labelWidth));
}

function textAt(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colours.text}">${text}</text>`;
}
