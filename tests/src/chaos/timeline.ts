import type { FaultRecord } from './faults';
import type { Operation } from '../support/clients/history';

interface Mark extends Pick<FaultRecord, 'kind' | 'target' | 'startMs' | 'endMs' | 'confirmed'> {
  family: string;
}

export interface TimelineInput {
  operations: Operation[];
  faults: Mark[];
  startMs: number;
  endMs: number;
}

const width = 1200;
const plotHeight = 220;
const laneHeight = 18;
/** The approximate width of a letter in pixels. */
const letterWidth = 5.2;
const margin = { left: 46, right: 14, top: 30 };

const colours: Record<string, string> = {
  kill: '#c0392b',
  stop: '#8e44ad',
  crash: '#d35400',
  deploy: '#16a085',
  clock: '#7f8c8d',
  disk: '#2c3e50',
  network: '#2980b9',
  webhooks: '#b7950b',
};

/** Returns a picture of the run: the answers in each second, and below them each fault from its start to its end. */
export function timelineSvg({ operations, faults, startMs, endMs }: TimelineInput): string {
  const seconds = Math.max(1, Math.ceil((endMs - startMs) / 1000));
  const counts = countSeconds(operations, startMs, seconds);
  const highest = Math.max(10, ...counts.map(({ ok, not }) => ok + not));
  const x = (atMs: number): number =>
    margin.left +
    ((Math.min(Math.max(atMs, startMs), endMs) - startMs) / (endMs - startMs)) * (width - margin.left - margin.right);
  const y = (count: number): number => margin.top + plotHeight * (1 - count / highest);
  const barWidth = Math.max(1, (width - margin.left - margin.right) / seconds - 1);
  const bars = counts.map(({ ok, not }, second) => {
    const left = x(startMs + second * 1000).toFixed(1);
    return (
      bar({ left, top: y(ok), height: y(0) - y(ok), width: barWidth, fill: '#27ae60' }) +
      bar({ left, top: y(ok + not), height: y(ok) - y(ok + not), width: barWidth, fill: '#e6b0aa' })
    );
  });
  const lanes = inLanes(faults, x);
  const lanesTop = margin.top + plotHeight + 34;
  const marks = lanes.flatMap((lane, row) =>
    lane.map((fault) => markOf(fault, { x, top: lanesTop + row * laneHeight, bottomOfPlot: y(0) })),
  );
  const height = lanesTop + lanes.length * laneHeight + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${margin.left}" y="18" font-size="13">requests a second: answered (green), temporarily refused or lost (red); faults below</text>`,
    `<text x="6" y="${y(highest) + 4}">${highest}</text><text x="6" y="${y(0) + 4}">0</text>`,
    ...bars,
    ...marks,
    ...ticks(seconds).map(
      (second) => `<text x="${x(startMs + second * 1000).toFixed(1)}" y="${y(0) + 16}" fill="#555">${second} s</text>`,
    ),
    '</svg>',
  ].join('\n');
}

function countSeconds(operations: Operation[], startMs: number, seconds: number): { ok: number; not: number }[] {
  const counts = Array.from({ length: seconds }, () => ({ ok: 0, not: 0 }));
  for (const { endMs, outcome, response } of operations) {
    const count = counts[Math.floor((endMs - startMs) / 1000)];
    if (count === undefined) continue;
    // The picture shows a final refusal, such as a 404, as an answer too.
    const { status } = response;
    if (outcome === 'ok' || (status !== undefined && status < 500 && status !== 429)) count.ok += 1;
    else count.not += 1;
  }
  return counts;
}

/** Distributes the faults over rows, so that neither their bars nor their names overlap. */
function inLanes(faults: Mark[], x: (atMs: number) => number): Mark[][] {
  const lanes: { faults: Mark[]; right: number }[] = [];
  for (const fault of faults.toSorted((one, other) => one.startMs - other.startMs)) {
    const right = x(fault.endMs) + 10 + nameOf(fault).length * letterWidth;
    const lane = lanes.find((placed) => placed.right < x(fault.startMs));
    if (lane === undefined) lanes.push({ faults: [fault], right });
    else Object.assign(lane, { faults: [...lane.faults, fault], right });
  }
  return lanes.map((lane) => lane.faults);
}

function nameOf({ kind, target, confirmed }: Mark): string {
  return `${kind}: ${target}${confirmed ? '' : ' (no effect)'}`;
}

interface MarkPlace {
  x: (atMs: number) => number;
  top: number;
  bottomOfPlot: number;
}

function markOf(fault: Mark, { x, top, bottomOfPlot }: MarkPlace) {
  const { family, startMs, endMs, confirmed } = fault;
  const [left, right] = [x(startMs), x(endMs)];
  const fill = colours[family] ?? '#555';
  const shade = { left: left.toFixed(1), width: Math.max(2, right - left), fill };
  const name = escaped(nameOf(fault));
  return [
    bar({ ...shade, top: margin.top, height: bottomOfPlot - margin.top, opacity: 0.08 }),
    bar({ ...shade, top, height: laneHeight - 4, opacity: confirmed ? 0.85 : 0.25 }),
    `<text x="${(right + 3).toFixed(1)}" y="${top + 11}" font-size="10">${name}</text>`,
  ].join('');
}

interface Bar {
  left: string;
  top: number;
  width: number;
  height: number;
  fill: string;
  opacity?: number;
}

function bar({ left, top, width: wide, height, fill, opacity = 1 }: Bar): string {
  const size = `width="${wide.toFixed(1)}" height="${height.toFixed(1)}"`;
  return `<rect x="${left}" y="${top.toFixed(1)}" ${size} fill="${fill}" opacity="${opacity}"/>`;
}

function ticks(seconds: number): number[] {
  const step = seconds > 120 ? 30 : 10;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
