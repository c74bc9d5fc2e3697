import type { Random } from '../../support/random';
import type { Stage } from '../stage';

/** The values of `FAULTS`. */
export const faultFamilies = ['kill', 'stop', 'crash', 'deploy', 'clock', 'disk', 'network', 'webhooks'] as const;
export type FaultFamily = (typeof faultFamilies)[number];

/** @throws Error for an unknown family, because a run would contain no fault of it */
export function familiesCalled(names: string[]): FaultFamily[] {
  return names.map((name) => {
    const family = faultFamilies.find((known) => known === name);
    if (family === undefined) throw new Error(`FAULTS takes ${faultFamilies.join(', ')}, and not ${name}`);
    return family;
  });
}

/** One planned fault. */
export interface Fault {
  family: FaultFamily;
  /** What is done, without its target. The report counts faults by it. */
  kind: string;
  target: string;
  /**
   * Inflicts the fault, ends it, and resolves when its target has recovered.
   *
   * @throws Error when it had no effect
   */
  inflict(stage: Stage): Promise<Effect>;
}

/** A fault that took effect. */
export interface Effect {
  proof: string;
  /** When the fault ended, from which the recovery is measured. A kill ends at once. */
  undoneMs: number;
}

/** A fault as it happened. Times are milliseconds since the epoch. */
export interface FaultRecord {
  family: FaultFamily;
  kind: string;
  target: string;
  startMs: number;
  undoneMs: number;
  /** When the target had recovered. */
  endMs: number;
  /** Whether its effect was proved. */
  confirmed: boolean;
  proof: string;
}

export interface FaultPlanOptions {
  random: Random;
  /** The longest duration of a fault. */
  longestMs: number;
}

/** How long a fault waits for the recovery of its target. */
export const recoveryDeadlineMs = 45_000;
