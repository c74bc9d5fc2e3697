import type { Random } from '../../support/random';
import type { Stage } from '../stage';

/** The fault families that the environment variable `FAULTS` can name. */
export const faultFamilies = [
  'kill',
  'stop',
  'crash',
  'deploy',
  'clock',
  'disk',
  'operator',
  'network',
  'webhooks',
] as const;
export type FaultFamily = (typeof faultFamilies)[number];

/** @throws Error for an unknown family, which the run would otherwise ignore */
export function familiesCalled(names: string[]): FaultFamily[] {
  return names.map((name) => {
    const family = faultFamilies.find((known) => known === name);
    if (family === undefined) throw new Error(`FAULTS takes ${faultFamilies.join(', ')}, and not ${name}`);
    return family;
  });
}

export interface Fault {
  family: FaultFamily;
  /** The kind of the fault, without the target. The report counts faults by kind. */
  kind: string;
  target: string;
  /**
   * Inflicts the fault and ends it. Resolves when every process that the fault stopped is ready again.
   *
   * @throws Error if the fault had no effect
   */
  inflict(stage: Stage): Promise<Effect>;
}

/** A fault that took effect. */
export interface Effect {
  proof: string;
  /**
   * The time when the fault ended, which is the start of the recovery. For a kill or a deploy, the time when the fault
   * began.
   */
  undoneMs: number;
}

/** A fault that was inflicted. Times are milliseconds since the epoch. */
export interface FaultRecord {
  family: FaultFamily;
  kind: string;
  target: string;
  startMs: number;
  undoneMs: number;
  /** The time when `inflict` had ended. */
  endMs: number;
  /** True if the fault's effect was proved. */
  confirmed: boolean;
  proof: string;
}

export interface FaultPlanOptions {
  random: Random;
  longestMs: number;
}

export const recoveryDeadlineMs = 45_000;
