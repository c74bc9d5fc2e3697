import { currencyCodes } from '@widget-store/contract';
import { useId } from 'react';
import { opsTexts } from './texts.js';

interface CurrencyFieldProps {
  /** An ISO 4217 code; empty until the operator has chosen one. */
  value: string;
  /** The currencies of the shop's products, which come first. */
  used: readonly string[];
  /** What is wrong with the choice; null if it is right. */
  error: string | null;
  onEdit: (currency: string) => void;
  onBlur: () => void;
}

/** The choice of a currency. */
export function CurrencyField({ value, used, error, onEdit, onBlur }: CurrencyFieldProps) {
  const [hintId, errorId] = [useId(), useId()];
  const { label, hint, choose, inShop, others } = opsTexts.products.currency;
  return (
    <div className="ops-field">
      <label>
        {label}
        <select
          value={value}
          aria-invalid={error !== null}
          aria-describedby={error === null ? hintId : `${hintId} ${errorId}`}
          onChange={({ target }) => onEdit(target.value)}
          onBlur={onBlur}
        >
          {value === '' && <option value="">{choose}</option>}
          {used.length > 0 && (
            <optgroup label={inShop}>
              <CurrencyOptions codes={used} />
            </optgroup>
          )}
          <optgroup label={others}>
            <CurrencyOptions codes={currencyCodes.filter((code) => !used.includes(code))} />
          </optgroup>
        </select>
      </label>
      <p id={hintId} className="ops-field-hint small">
        {hint}
      </p>
      {error !== null && (
        <p id={errorId} className="ops-field-error">
          {error}
        </p>
      )}
    </div>
  );
}

const names = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });

function CurrencyOptions({ codes }: { codes: readonly string[] }) {
  return codes.map((code) => {
    const name = names.of(code);
    return (
      <option key={code} value={code}>
        {name === undefined ? code : `${code} · ${name}`}
      </option>
    );
  });
}
