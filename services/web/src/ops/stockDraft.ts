import type { AdjustmentReason } from '@widget-store/contract';
import { productTexts } from './productTexts.js';

/** What the operator has entered about a change of the stock. */
export interface StockDraft {
  reason: AdjustmentReason;
  /** The units that came or went, or all units that were counted. */
  units: string;
  note: string;
  /**
   * The stock that the page showed when the operator typed the units. After a count, the change is the counted units
   * minus this stock. This difference stays right if an order takes units later, because the recorded stock falls by
   * these units too.
   */
  shownStock: number;
}

export const emptyDraft: StockDraft = { reason: 'received', units: '', note: '', shownStock: 0 };

/** @returns the units to add, negative to remove units; null if the draft has no valid number */
export function changeOf({ reason, units, shownStock }: StockDraft): number | null {
  const count = units.trim() === '' ? -1 : Number(units);
  if (!Number.isSafeInteger(count) || count < 0) return null;
  switch (reason) {
    case 'received':
      return count;
    case 'written_off':
      return 0 - count;
    case 'counted':
      return count - shownStock;
    default:
      return reason satisfies never;
  }
}

/** Why the draft cannot be booked; null if it can. */
export function notBookableReason(draft: StockDraft): string | null {
  const { noCount, noUnits, nothingToBook, atLeastOne } = productTexts.stock;
  const isCount = draft.reason === 'counted';
  switch (changeOf(draft)) {
    case null:
      return isCount ? noCount : noUnits;
    case 0:
      return isCount ? nothingToBook : atLeastOne;
    default:
      return null;
  }
}
