import { readEvidence, type Evidence } from '../evidence';
import type { Anomaly } from './anomaly';
import { judgeIntruders } from './intruders';
import { judgeAnswers, judgeKeys } from './keys';
import { judgeMoney } from './money';
import { judgeReaders } from './readers';
import { judgeReplays } from './replay';
import { judgeDispatches, judgeRuns } from './runs';
import { judgeQuiet } from './settled';
import { judgeSoldOut } from './soldOut';
import { judgeStock } from './stock';

export { type Anomaly, type InvariantName, invariants } from './anomaly';

/** Everything that is wrong, by the invariants' order; empty when the run broke none of them. */
export function judge(evidence: Evidence): Anomaly[] {
  return [
    judgeStock,
    judgeKeys,
    judgeMoney,
    judgeAnswers,
    judgeQuiet,
    judgeReaders,
    judgeIntruders,
    judgeSoldOut,
    judgeRuns,
    judgeDispatches,
  ].flatMap((part) => part(evidence));
}

/** Judges the folder of a run by its files alone. */
export async function judgeFolder(folder: string, { bundlePath }: { bundlePath: string }): Promise<Anomaly[]> {
  return [...judge(readEvidence(folder)), ...(await judgeReplays(folder, bundlePath))];
}
