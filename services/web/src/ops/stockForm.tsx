import { type AdjustmentReason, adjustmentReasons } from '@widget-store/contract';
import { useId, useState } from 'react';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { randomHex } from '../randomHex.js';
import { failureText } from './failureText.js';
import { useAdjustStock, useReadOnlyReason } from './queries.js';
import { opsTexts } from './texts.js';

const emptyDraft = { reason: 'received' as AdjustmentReason, units: '', note: '' };

/**
 * A form that adds units to the stock or removes them. The idempotency key changes only with the draft, so a repeated
 * click does not change the stock again.
 */
export function StockForm({ productId }: { productId: number }) {
  const [draft, setDraft] = useState(emptyDraft);
  const [key, setKey] = useState(() => randomHex(16));
  const { mutate, isPending, isSuccess, error } = useAdjustStock();
  const readOnlyReason = useReadOnlyReason();
  const id = useId();
  const { reason, note } = draft;
  const change = changeOf(draft);
  const edit = (changed: Partial<typeof draft>): void => {
    setDraft({ ...draft, ...changed });
    setKey(randomHex(16));
  };
  const book = (): void => {
    if (change === null) return;
    const adjustment = { change, reason, ...(note.trim() === '' ? {} : { note: note.trim() }) };
    mutate({ productId, adjustment, key }, { onSuccess: () => edit(emptyDraft) });
  };
  return (
    <section className="ops-section" aria-labelledby={id}>
      <h2 id={id}>{opsTexts.stock.title}</h2>
      <div className="ops-form">
        <label>
          {opsTexts.stock.reason}
          <select
            value={reason}
            onChange={({ target }) => {
              const chosen = adjustmentReasons.find((one) => one === target.value);
              if (chosen !== undefined) edit({ reason: chosen });
            }}
          >
            {adjustmentReasons.map((one) => (
              <option key={one} value={one}>
                {opsTexts.stock.reasons[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {reason === 'counted' ? opsTexts.stock.difference : opsTexts.stock.units}
          <input type="number" step={1} value={draft.units} onChange={({ target }) => edit({ units: target.value })} />
        </label>
        <label>
          {opsTexts.stock.note}
          <input value={note} maxLength={500} onChange={({ target }) => edit({ note: target.value })} />
        </label>
      </div>
      <div className="actions">
        <Button
          kind="primary"
          disabled={change === null || readOnlyReason !== null}
          pending={isPending ? opsTexts.actions.working : null}
          onPress={book}
        >
          {opsTexts.stock.book}
        </Button>
      </div>
      <Notice>{isSuccess ? opsTexts.stock.booked : readOnlyReason}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
    </section>
  );
}

/** @returns the number of units to add, negative to remove units; null if the draft has no valid number */
function changeOf({ reason, units }: typeof emptyDraft): number | null {
  const count = Number(units);
  if (!Number.isInteger(count) || count === 0 || (reason !== 'counted' && count < 0)) return null;
  return reason === 'written_off' ? -count : count;
}
