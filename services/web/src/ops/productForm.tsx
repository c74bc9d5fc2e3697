import type { ProductBody } from '@widget-store/api';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../components/button.js';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { opsProductPath } from './paths.js';
import { randomHex } from '../randomHex.js';
import { afterPress } from './afterPress.js';
import { CurrencyField } from './currencyField.js';
import { failureText } from './failureText.js';
import { PictureField } from './pictureField.js';
import {
  type DraftErrors,
  draftOf,
  errorsOf,
  fieldsOf,
  isSameDraft,
  priceQuestion,
  type ProductDraft,
} from './productDraft.js';
import { useReadOnlyReason, useSaveProduct } from './queries.js';
import { opsTexts } from './texts.js';
import { TextArea, TextField } from './textField.js';

interface ProductFormProps {
  /** The product and its version as the operator has seen them; null for a new product. */
  read: { product: ProductBody; version: string } | null;
  /**
   * The currencies of the shop's products, the most frequent first. A new product gets the first one. Null for a change,
   * because the currency of a product never changes.
   */
  currencies: readonly string[] | null;
  /** Reads the product again, and discards what the operator has entered. Null for a new product. */
  onReload: (() => void) | null;
  /**
   * Called with true if the form has unsaved entries, and with false if it has none. Must be the same function in each
   * render.
   */
  onUnsaved: (isUnsaved: boolean) => void;
}

/**
 * A form that creates or changes a product. For a change, the form sends the version that the operator has seen, so
 * that the change cannot overwrite the change of another operator.
 */
export function ProductForm({ read, currencies, onReload, onUnsaved }: ProductFormProps) {
  const [draft, setDraft] = useState(() => draftOf(read?.product, currencies?.[0]));
  const [savedDraft, setSavedDraft] = useState(draft);
  const [version, setVersion] = useState(read?.version ?? '');
  // The idempotency key of a new product. The key changes with the draft, because one key creates only one product.
  const [key, setKey] = useState(() => randomHex(16));
  const [wasRefused, setWasRefused] = useState(false);
  const { mutate, reset, isPending, isSuccess, error } = useSaveProduct();
  const [, navigate] = useLocation();
  const readOnlyReason = useReadOnlyReason();
  const isUnsaved = !isSameDraft(draft, savedDraft);
  useEffect(() => onUnsaved(isUnsaved), [isUnsaved, onUnsaved]);
  const fields = fieldsOf(draft);
  const isRefused = wasRefused && fields === null;
  const edit = (changed: Partial<ProductDraft>): void => {
    setDraft({ ...draft, ...changed });
    setKey(randomHex(16));
    // The result belongs to the entries that were sent.
    if (!isPending) reset();
  };
  const question = priceQuestion(savedDraft, draft);
  const save = (close: () => void): void => {
    close();
    setWasRefused(fields === null);
    if (fields === null) return;
    const target = read === null ? { currency: draft.currency, key } : { productId: read.product.product_id, version };
    mutate(
      { fields, target },
      {
        onSuccess: (saved) => {
          if (saved.version === null) navigate(opsProductPath(saved.productId));
          else {
            setVersion(saved.version);
            setSavedDraft(draft);
          }
        },
      },
    );
  };
  const result = isUnsaved ? opsTexts.products.unsaved : isSuccess ? opsTexts.products.saved : null;
  return (
    <section className="ops-section" aria-label={opsTexts.products.edit}>
      <ProductFieldset draft={draft} currencies={currencies} showsErrors={wasRefused} onEdit={edit} />
      <div className="actions">
        <Confirm
          {...opsTexts.products.priceDialog}
          kind="primary"
          buttonText={read === null ? opsTexts.products.create : opsTexts.products.save}
          asks={question !== null}
          title={question ?? ''}
          dismissText={opsTexts.actions.dismiss}
          disabledReason={readOnlyReason}
          pending={isPending ? opsTexts.actions.working : null}
          onConfirm={save}
        />
        {onReload !== null && error !== null && <Button onPress={onReload}>{opsTexts.products.reload}</Button>}
      </div>
      <Notice tone="error">{isRefused ? opsTexts.products.impossible : null}</Notice>
      <Notice tone={isUnsaved ? 'warning' : 'info'}>{isRefused ? null : result}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
    </section>
  );
}

interface ProductFieldsetProps {
  draft: ProductDraft;
  /** See `ProductFormProps`. */
  currencies: readonly string[] | null;
  /** Whether the form also shows the errors of fields that the operator has not left yet. */
  showsErrors: boolean;
  onEdit: (changed: Partial<ProductDraft>) => void;
}

function ProductFieldset({ draft, currencies, showsErrors, onEdit: edit }: ProductFieldsetProps) {
  const [left, setLeft] = useState<ReadonlySet<keyof DraftErrors>>(() => new Set());
  const errors = errorsOf(draft);
  const checked = (name: keyof DraftErrors) => ({
    value: draft[name],
    error: showsErrors || left.has(name) ? errors[name] : null,
    onBlur: () => afterPress(() => setLeft((before) => new Set([...before, name]))),
  });
  return (
    <div className="ops-form ops-fields">
      <TextField
        {...checked('name')}
        label={opsTexts.products.name}
        maxLength={200}
        required
        onEdit={(name) => edit({ name })}
      />
      <TextArea
        label={opsTexts.products.description}
        value={draft.description}
        maxLength={2000}
        onEdit={(description) => edit({ description })}
      />
      {currencies !== null && (
        <CurrencyField {...checked('currency')} used={currencies} onEdit={(currency) => edit({ currency })} />
      )}
      <TextField
        {...checked('price')}
        label={opsTexts.products.price(draft.currency)}
        inputMode="decimal"
        onEdit={(price) => edit({ price })}
      />
      <PictureField picture={draft.image} onEdit={(image) => edit({ image })} />
      <label className="ops-check">
        <input type="checkbox" checked={draft.onSale} onChange={({ target }) => edit({ onSale: target.checked })} />
        {opsTexts.products.onSale}
      </label>
    </div>
  );
}
