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

/** One fault, decided before the run starts. */
export interface Fault {
  family: FaultFamily;
  /** What is done, without to whom: the report counts by it. */
  kind: string;
  target: string;
  /**
   * Does it, undoes it, and resolves when what was hit works again.
   *
   * @throws Error when it had no effect
   */
  inflict(stage: Stage): Promise<Effect>;
}

/** A fault that took effect. */
export interface Effect {
  proof: string;
  /** When the cause was gone: recovery is counted from there. A process that is killed has to recover at once. */
  undoneMs: number;
}

/** A fault as it happened. Times are milliseconds since the epoch. */
export interface FaultRecord {
  family: FaultFamily;
  kind: string;
  target: string;
  startMs: number;
  undoneMs: number;
  /** When what was hit worked again. */
  endMs: number;
  /** Whether it is certain that it took effect. */
  confirmed: boolean;
  proof: string;
}

export interface FaultPlanOptions {
  random: Random;
  /** The longest that a fault may last by itself. */
  longestMs: number;
}

/** How long a family may wait for what it hit. */
export const recoveryDeadlineMs = 45_000;
