import { type Adjustment, adjustmentKinds, maxAdjustmentLabelLength, maxAdjustments } from '@widget-store/contract';
import { type Column, sql, type SQL } from 'drizzle-orm';
import { customType } from 'drizzle-orm/pg-core';

/** An adjustment in the form that the outgoing events and the API use too. */
type StoredAdjustment = Pick<Adjustment, 'kind' | 'label'> & { amount_minor: number };

/** A column with the adjustments of an order, in the sequence in which shoppers read them. */
export const adjustmentList = customType<{ data: Adjustment[]; driverData: StoredAdjustment[] }>({
  dataType: () => 'jsonb',
  fromDriver: (stored) => stored.map(({ amount_minor: amountMinor, ...rest }) => ({ ...rest, amountMinor })),
});

/** The value of an `adjustmentList` column, as JSON. */
export function storedAdjustments(adjustments: Adjustment[]): string {
  return JSON.stringify(
    adjustments.map(({ kind, label, amountMinor }) => ({ kind, label, amount_minor: amountMinor })),
  );
}

const added = adjustmentKinds.filter((kind) => kind !== 'discount').map((kind) => `@.kind == "${kind}"`);
const isAmount = `@.kind == "discount" && @.amount_minor < 0 || (${added.join(' || ')}) && @.amount_minor > 0`;
const isLabel = `@.label like_regex "^.{1,${maxAdjustmentLabelLength}}$"`;
const isValid = sql.raw(`'strict $[*] ? ((${isAmount}) && @.amount_minor.floor() == @.amount_minor && ${isLabel})'`);

/**
 * The condition of a CHECK constraint that allows only valid adjustments. It counts the valid ones, because a condition
 * on a missing field is neither true nor false.
 */
export function areValidAdjustments(column: Column): SQL {
  return sql`jsonb_typeof(${column}) = 'array' and jsonb_array_length(${column}) <= ${sql.raw(String(maxAdjustments))} and jsonb_array_length(jsonb_path_query_array(${column}, ${isValid})) = jsonb_array_length(${column})`;
}
