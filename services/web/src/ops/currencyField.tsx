import { currencyCodes } from '@widget-store/contract';
import { opsTexts } from './texts.js';
import { Field } from './textField.js';

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
  const { label, hint, choose, inShop, others } = opsTexts.products.currency;
  return (
    <Field
      label={label}
      error={error}
      hint={hint}
      renderControl={(attributes) => (
        <select value={value} {...attributes} onChange={({ target }) => onEdit(target.value)} onBlur={onBlur}>
          {value === '' && <option value="">{choose}</option>}
          {used.length > 0 && (
            <optgroup label={inShop}>
              <CurrencyOptions codes={used} />
            </optgroup>
          )}
          <optgroup label={others}>
            <CurrencyOptions codes={namedCodes.filter((code) => !used.includes(code))} />
          </optgroup>
        </select>
      )}
    />
  );
}

const names = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });

/** The currencies that the browser knows. The others are units of account, or too new to be in a shop. */
const namedCodes = currencyCodes.filter((code) => names.of(code) !== undefined);

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
