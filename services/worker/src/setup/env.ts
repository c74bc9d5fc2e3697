import { loadTemporalTarget, parseEnv, type TemporalTarget } from '@widget-store/runtime';
import { z } from 'zod';

/** The environment of `make temporal-setup`. */
export interface SetupEnv {
  temporal: TemporalTarget;
  /** Undefined leaves the retention of an existing namespace unchanged, and gives a new namespace a week. */
  retentionDays: number | undefined;
}

/** @throws EnvironmentError that names the invalid variable */
export function readSetupEnv(): SetupEnv {
  const env = parseEnv(process.env, { TEMPORAL_RETENTION_DAYS: z.coerce.number().int().min(1).max(365).optional() });
  return { temporal: loadTemporalTarget(), retentionDays: env.TEMPORAL_RETENTION_DAYS };
}
