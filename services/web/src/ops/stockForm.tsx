import type { StockLevelBody } from '@widget-store/api';
import { adjustmentReasons } from '@widget-store/contract';
import { useEffect, useId, useState } from 'react';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { randomHex } from '../randomHex.js';
import { failureText } from './failureText.js';
import { useAdjustStock, useReadOnlyReason } from './queries.js';
import { changeOf, emptyDraft, notBookableReason, type StockDraft } from './stockDraft.js';
import { opsTexts } from './texts.js';
import { TextField } from './textField.js';

interface StockFormProps {
  productId: number;
  /** The newest stock that the page shows. */
  stock: StockLevelBody;
  /**
   * Called with true if the form has entries that are not booked, and with false if it has none. Must be the same
   * function in each render.
   */
  onUnsaved: (isUnsaved: boolean) => void;
}

/**
 * A form that adds units to the stock or removes them. The idempotency key changes only with the draft, so a repeated
 * click does not change the stock again.
 */
export function StockForm({ productId, stock, onUnsaved }: StockFormProps) {
  const [draft, setDraft] = useState(emptyDraft);
  const [key, setKey] = useState(() => randomHex(16));
  const { mutate, isPending, isSuccess, variables, error } = useAdjustStock();
  const readOnlyReason = useReadOnlyReason();
  const id = useId();
  const isUnsaved = draft.units !== '' || draft.note !== '';
  useEffect(() => onUnsaved(isUnsaved), [isUnsaved, onUnsaved]);
  const change = changeOf(draft);
  const replace = (next: StockDraft): void => {
    setDraft(next);
    setKey(randomHex(16));
  };
  const book = (): void => {
    if (change === null) return;
    const { reason, note } = draft;
    const adjustment = { change, reason, ...(note.trim() === '' ? {} : { note: note.trim() }) };
    mutate({ productId, adjustment, key }, { onSuccess: () => replace(emptyDraft) });
  };
  const isBooked = isSuccess && draft === emptyDraft;
  return (
    <section className="ops-section" aria-labelledby={id}>
      <h2 id={id}>{opsTexts.stock.title}</h2>
      <StockFieldset draft={draft} inStock={stock.inventory} onEdit={(changed) => replace({ ...draft, ...changed })} />
      {draft.reason === 'counted' && <CountText draft={draft} stock={stock} />}
      <div className="actions">
        <Button
          kind="primary"
          disabledReason={readOnlyReason ?? notBookableReason(draft)}
          pending={isPending ? opsTexts.actions.working : null}
          onPress={book}
        >
          {opsTexts.stock.book}
        </Button>
      </div>
      <Notice tone={isUnsaved ? 'warning' : 'info'}>
        {isUnsaved ? opsTexts.stock.unsaved : isBooked ? opsTexts.stock.booked : null}
      </Notice>
      <Notice tone="error">{variables?.key === key ? failureText(error) : null}</Notice>
    </section>
  );
}

interface StockFieldsetProps {
  draft: StockDraft;
  inStock: number;
  onEdit: (changed: Partial<StockDraft>) => void;
}

function StockFieldset({ draft, inStock, onEdit }: StockFieldsetProps) {
  const { reason, units, note } = draft;
  return (
    <div className="ops-form ops-fields">
      <label>
        {opsTexts.stock.reason}
        <select
          value={reason}
          onChange={({ target }) => {
            const chosen = adjustmentReasons.find((one) => one === target.value);
            if (chosen !== undefined) onEdit({ reason: chosen, shownStock: inStock });
          }}
        >
          {adjustmentReasons.map((one) => (
            <option key={one} value={one}>
              {opsTexts.stock.reasons[one]}
            </option>
          ))}
        </select>
      </label>
      <TextField
        label={reason === 'counted' ? opsTexts.stock.counted : opsTexts.stock.units}
        type="number"
        inputMode="numeric"
        min={0}
        step={1}
        value={units}
        onEdit={(entered) => onEdit({ units: entered, shownStock: inStock })}
      />
      <TextField
        label={opsTexts.stock.note}
        value={note}
        maxLength={500}
        onEdit={(entered) => onEdit({ note: entered })}
      />
    </div>
  );
}

/** How a count differs from the stock that the page showed when the operator typed the count. */
function CountText({ draft, stock }: { draft: StockDraft; stock: StockLevelBody }) {
  const { now, reservedHint, comparison, changedSince } = opsTexts.stock;
  const { inventory: inStock, reserved } = stock;
  const { units, shownStock } = draft;
  const change = changeOf(draft);
  return (
    <output className="ops-count">
      <p>
        {change === null ? (
          now(inStock)
        ) : (
          <strong>{comparison({ counted: Number(units), book: shownStock, change })}</strong>
        )}
      </p>
      {change !== null && inStock !== shownStock && <p>{changedSince(inStock)}</p>}
      {reserved > 0 && <p className="small">{reservedHint(reserved)}</p>}
    </output>
  );
}
