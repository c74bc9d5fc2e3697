import { pictureOf } from './picture';
import type { Ratio } from './ratios';

const ratio = (value: number): Ratio => ({ value, what: 'orders a second', ours: value, theirs: 1 });

/** Returns the left end and the width of each bar. */
function barsOf(svg: string): number[][] {
  return [...svg.matchAll(/<rect x="(\d+)" y="\d+" width="(\d+)"/g)].map(([, x, width]) => [Number(x), Number(width)]);
}

describe('the picture of the comparisons with DBOS', () => {
  it('draws a bar to the left if this store is worse, and an equal bar to the right if it is better', () => {
    const svg = pictureOf({ 'declined, to DBOS': ratio(0.25), 'waiting, idle CPU, to DBOS': ratio(4) });
    const [behind, ahead] = barsOf(svg);
    expect(behind?.[1]).toBe(ahead?.[1]);
    expect((behind?.[0] ?? 0) + (behind?.[1] ?? 0)).toBe(ahead?.[0]);
    expect(svg).toContain('>0.25×<');
    expect(svg).toContain('>4.0×<');
  });

  it('leaves out what was not measured and what is not compared with DBOS', () => {
    expect(barsOf(pictureOf({ 'hot product': ratio(1) }))).toEqual([]);
  });
});
