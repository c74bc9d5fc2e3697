/** The straight line that fits points best, by least squares. */
export interface Line {
  perHour: number;
  mean: number;
  /** The rise of the line from the first point to the last. Negative if the line falls. */
  rise: number;
}

export interface Point {
  atMs: number;
  value: number;
}

const hourMs = 3_600_000;

/** Ignores points whose value is NaN. */
export function fitLine(points: Point[]): Line {
  const known = points.filter(({ value }) => Number.isFinite(value));
  if (known.length < 2) throw new Error('a line needs two points');
  const meanAtMs = meanOf(known.map(({ atMs }) => atMs));
  const mean = meanOf(known.map(({ value }) => value));
  let [products, squares] = [0, 0];
  for (const { atMs, value } of known) {
    products += (atMs - meanAtMs) * (value - mean);
    squares += (atMs - meanAtMs) ** 2;
  }
  const perMs = squares === 0 ? 0 : products / squares;
  const times = known.map(({ atMs }) => atMs);
  const spanMs = Math.max(...times) - Math.min(...times);
  return { perHour: perMs * hourMs, mean, rise: perMs * spanMs };
}

function meanOf(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
