import { html } from 'hono/html';
import { type BuyerField, exampleBuyer } from './buyer';
import type { Html } from './htmlDocument';
import type { Payment } from './payment';

/** The fields of a form that was refused, and the names of those that are invalid. */
export interface EnteredBuyer {
  fields: Record<string, unknown>;
  invalid: BuyerField[];
}

/** `autocomplete` is the name of the field in the HTML standard ("Autofill"). */
const textFields: readonly { name: Exclude<BuyerField, 'country'>; label: string; autocomplete: string }[] = [
  { name: 'email', label: 'E-mail', autocomplete: 'email' },
  { name: 'name', label: 'Name', autocomplete: 'shipping name' },
  { name: 'line1', label: 'Address', autocomplete: 'shipping address-line1' },
  { name: 'line2', label: 'Address, line 2 (optional)', autocomplete: 'shipping address-line2' },
  { name: 'city', label: 'City', autocomplete: 'shipping address-level2' },
  { name: 'region', label: 'State or region (optional)', autocomplete: 'shipping address-level1' },
  { name: 'postal_code', label: 'Postal code (optional)', autocomplete: 'shipping postal-code' },
  { name: 'phone', label: 'Phone (optional)', autocomplete: 'shipping tel' },
];
const types: Partial<Record<BuyerField, string>> = { email: 'email', phone: 'tel' };

/**
 * Returns the form's fields for the buyer, filled in with what the shopper entered or else with an example. Returns no
 * fields if the shop does not collect addresses.
 */
export function buyerFields({ paymentId, shippingCountries }: Payment, entered: EnteredBuyer | undefined): Html {
  if (shippingCountries.length === 0) return html``;
  const values: Record<string, unknown> = entered?.fields ?? exampleBuyer(paymentId, shippingCountries);
  const invalid = entered?.invalid ?? [];
  const valueOf = (name: string): string => {
    const value = values[name];
    return typeof value === 'string' ? value : '';
  };
  return html`<fieldset class="fields">
    <legend>Ship to</legend>
    ${invalid.length === 0 ? '' : html`<p class="error" role="alert">Please check the fields that are marked.</p>`}
    ${textFields.map(
      ({ name, label, autocomplete }) =>
        html`<label>
          ${label}
          <input
            name="${name}"
            type="${types[name] ?? 'text'}"
            value="${valueOf(name)}"
            autocomplete="${autocomplete}"
            maxlength="200"
            ${label.endsWith('(optional)') ? '' : html`required`}
            ${marked(invalid.includes(name))}
          />
        </label>`,
    )}
    <label>
      Country
      <select name="country" autocomplete="shipping country" ${marked(invalid.includes('country'))}>
        ${shippingCountries.map(
          (code) =>
            html`<option value="${code}" ${valueOf('country') === code ? html`selected` : ''}>
              ${countryName(code)}
            </option>`,
        )}
      </select>
    </label>
  </fieldset>`;
}

function marked(isInvalid: boolean): Html | string {
  return isInvalid ? html`aria-invalid="true"` : '';
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

function countryName(code: string): string {
  return countryNames.of(code) ?? code;
}
