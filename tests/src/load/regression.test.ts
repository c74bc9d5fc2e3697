import { fitLine } from './regression';

const points = (values: number[]) => values.map((value, index) => ({ atMs: index * 60_000, value }));

describe('the line through points', () => {
  it('has the slope of the points', () => {
    expect(fitLine(points([10, 11, 12, 13]))).toEqual({ perHour: 60, mean: 11.5, rise: 3 });
  });

  it('is flat for values that go up and down without a trend', () => {
    const saw = points([10, 12, 10, 12, 10]);
    expect(fitLine(saw)).toMatchObject({ perHour: 0, rise: 0 });
  });

  it('ignores NaN, and needs two points', () => {
    expect(fitLine(points([10, Number.NaN, 12, 13])).rise).toBeCloseTo(3);
    expect(() => fitLine(points([Number.NaN, 1]))).toThrow('two points');
  });
});
