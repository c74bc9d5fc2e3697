import { z } from '@hono/zod-openapi';
import { adjustmentReasons } from '@widget-store/contract';
import type { StockAdjustment } from '@widget-store/db';
import { parseBody } from './json';
import { plainPattern, plainText } from './productChange';

const maxChange = 1_000_000;
const maxNoteLength = 500;

export const stockAdjustmentSchema = z
  .strictObject({
    change: z
      .int()
      .min(-maxChange)
      .max(maxChange)
      .openapi({ description: 'How many units to add. A negative number removes units. Not 0', example: 10 }),
    reason: z.enum(adjustmentReasons).openapi({
      description:
        '`received`: a delivery; the change must be positive. `written_off`: units that cannot be sold; the change must be negative. `counted`: a difference that was found when the units were counted',
    }),
    note: plainText
      .trim()
      .min(1)
      .max(maxNoteLength)
      .optional()
      .openapi({ pattern: plainPattern, example: 'Delivery 7' }),
  })
  .refine(hasSignOfReason, {
    path: ['change'],
    message: 'received adds units, written_off removes units, and 0 is no change',
  });

function hasSignOfReason({ change, reason }: { change: number; reason: StockAdjustment['reason'] }): boolean {
  switch (reason) {
    case 'received':
      return change > 0;
    case 'written_off':
      return change < 0;
    case 'counted':
      return change !== 0;
    default:
      return reason satisfies never;
  }
}

/**
 * Reads an adjustment of stock from the body of its request: `{"change": 10, "reason": "received"}`.
 *
 * @throws Problem `invalid_json`, or `invalid_adjustment` with the name of the invalid field
 */
export function readStockAdjustment(text: string): Pick<StockAdjustment, 'change' | 'reason' | 'note'> {
  const invalid = { code: 'invalid_adjustment', subject: 'adjustment' } as const;
  const { change, reason, note = null } = parseBody(text, stockAdjustmentSchema, invalid);
  return { change, reason, note };
}
