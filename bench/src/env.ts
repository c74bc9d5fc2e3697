import { booleanVariable, parseEnv } from '@widget-store/runtime';
import { z } from 'zod';
import { type ScenarioName, scenarioNames } from './results';

/** What `make bench` is told. */
export interface BenchEnv {
  /** Which scenarios to run; all of them unless given. */
  only: readonly ScenarioName[];
  /** A tenth of every duration: whether it runs at all, not for figures. */
  quick: boolean;
}

/** @throws EnvironmentError that names the variables that are wrong */
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
