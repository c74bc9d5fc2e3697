import { parseEnv } from '@widget-store/runtime';
import { loadTemporalTarget, type TemporalTarget } from '@widget-store/runtime/temporal';
import { z } from 'zod';

/** The environment of `make temporal-setup`. */
export interface SetupEnv {
  temporal: TemporalTarget;
  /** If undefined, an existing namespace keeps its retention, and a new namespace gets a week. */
  retentionDays: number | undefined;
}

/** @throws EnvironmentError that names the invalid variable */
export function readSetupEnv(): SetupEnv {
  const env = parseEnv(process.env, { TEMPORAL_RETENTION_DAYS: z.coerce.number().int().min(1).max(365).optional() });
  return { temporal: loadTemporalTarget(), retentionDays: env.TEMPORAL_RETENTION_DAYS };
}
