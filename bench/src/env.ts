import { booleanVariable, parseEnv } from '@widget-store/runtime';
import { z } from 'zod';
import { type ScenarioName, scenarioNames } from './results';

export interface BenchEnv {
  /** The scenarios to run; all of them by default. */
  only: readonly ScenarioName[];
  /**
   * If true, every duration is divided by ten. Such a run shows only that everything works: its figures mean nothing.
   */
  quick: boolean;
}

/** @throws EnvironmentError that names each invalid variable */
export function readEnv(): BenchEnv {
  const env = parseEnv(process.env, {
    QUICK: booleanVariable.default(false),
    ONLY: z
      .string()
      .transform((names) => names.split(','))
      .pipe(z.array(z.enum(scenarioNames)))
      .default([...scenarioNames]),
  });
  return { only: env.ONLY, quick: env.QUICK };
}
