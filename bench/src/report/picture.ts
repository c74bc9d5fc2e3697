import type { Ratios } from './ratios';

const width = 900;
const rowHeight = 26;
const left = 340;
const right = 70;
/** Bars end here; a longer one says how long it is. */
const longest = 4;

/** Each ratio as a bar, and its goal as a line across it. */
export function ratiosSvg(ratios: Ratios): string {
  const entries = Object.entries(ratios);
  const height = entries.length * rowHeight + 40;
  const x = (value: number): number => left + (Math.min(value, longest) / longest) * (width - left - right);
  const rows = entries.flatMap(([name, { value, goal }], row) => {
    const top = 30 + row * rowHeight;
    const fill = value >= goal ? '#27ae60' : '#e67e22';
    return [
      `<text x="${left - 8}" y="${top + 14}" text-anchor="end">${name}</text>`,
      `<rect x="${left}" y="${top + 3}" width="${(x(value) - left).toFixed(1)}" height="14" fill="${fill}"/>`,
      `<line x1="${x(goal).toFixed(1)}" x2="${x(goal).toFixed(1)}" y1="${top}" y2="${top + 20}" stroke="#2c3e50" stroke-width="2"/>`,
      `<text x="${(x(value) + 6).toFixed(1)}" y="${top + 14}">${value.toFixed(2)}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="18" font-size="13">ratio (more is better); the line is the goal</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}
