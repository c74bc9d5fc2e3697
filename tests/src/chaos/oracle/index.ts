import { readEvidence, type Evidence } from '../evidence';
import type { Anomaly } from './anomaly';
import { judgeEvents } from './events';
import { judgeForgeries } from './forgeries';
import { judgeAnswers, judgeKeys } from './keys';
import { judgeMoney } from './money';
import { judgePrivacy } from './privacy';
import { judgeReaders } from './readers';
import { judgeRefunds } from './refunds';
import { judgeReplays } from './replay';
import { judgeDispatches, judgeRuns } from './runs';
import { judgeQuiet } from './settled';
import { judgeShipments } from './shipments';
import { judgeSoldOut } from './soldOut';
import { judgeStock } from './stock';

export { type Anomaly, type InvariantName, invariants } from './anomaly';
export { judgePrivacy } from './privacy';

export function judge(evidence: Evidence): Anomaly[] {
  return [
    judgeStock,
    judgeKeys,
    judgeMoney,
    judgeRefunds,
    judgeAnswers,
    judgeQuiet,
    judgeReaders,
    judgeForgeries,
    judgeSoldOut,
    judgeRuns,
    judgeDispatches,
    judgeShipments,
    judgeEvents,
  ].flatMap((part) => part(evidence));
}

/** Judges a run by the files in its folder, and replays its histories with the given bundle. */
export async function judgeFolder(folder: string, { bundlePath }: { bundlePath: string }): Promise<Anomaly[]> {
  return [...judge(readEvidence(folder)), ...judgePrivacy(folder), ...(await judgeReplays(folder, bundlePath))];
}
