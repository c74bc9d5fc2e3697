import { loadTemporalTarget, parseEnv, type TemporalTarget } from '@widget-store/runtime';
import { z } from 'zod';

/** Of `make temporal-setup`: where the namespace is, by the standard variables, and how long closed runs are kept there. */
export interface SetupEnv {
  temporal: TemporalTarget;
  /** Undefined: as it is, or a week when the namespace is new. */
  retentionDays: number | undefined;
}

/** @throws EnvironmentError that names the variable which is wrong */
export function readSetupEnv(): SetupEnv {
  const env = parseEnv(process.env, { TEMPORAL_RETENTION_DAYS: z.coerce.number().int().min(1).max(365).optional() });
  return { temporal: loadTemporalTarget(), retentionDays: env.TEMPORAL_RETENTION_DAYS };
}
