import { z } from 'zod';
import { median } from '../measure/statistics';
import type { Figure } from './resources';

const fileSchema = z.object({
  startedAt: z.string(),
  whole: z.boolean(),
  commit: z.string(),
  machine: z.string(),
  figures: z.record(z.string(), z.record(z.string(), z.array(z.number()))),
});

/**
 * Reads a results file of `make bench`.
 *
 * @returns `source`, which has the date, commit and machine of the run, and the function `figure`. `figure` returns the
 * median of one measure of a contestant. If the results lack that measure, `figure` throws an Error that names it.
 */
export function readFigures(json: unknown): { source: string; figure: Figure } {
  const { startedAt, whole, commit, machine, figures } = fileSchema.parse(json);
  return {
    source: `${startedAt}, commit ${commit}, ${machine}${whole ? '' : ', a trial: its figures mean nothing'}`,
    figure: (contestant, measure) => {
      const values = figures[contestant]?.[measure];
      if (values !== undefined) return median(values);
      throw new Error(`the results have no ${measure} of ${contestant}: run make bench without ONLY`);
    },
  };
}
