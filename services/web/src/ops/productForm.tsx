import type { ProductBody } from '@widget-store/api';
import { decimalAmount, drawingPaths, isCurrency, parseAmount } from '@widget-store/contract';
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { opsProductPath } from '../paths.js';
import { randomHex } from '../randomHex.js';
import type { ProductFields } from './productApi.js';
import { failureText } from './failureText.js';
import { useReadOnlyReason, useSaveProduct } from './queries.js';
import { opsTexts } from './texts.js';

interface ProductFormProps {
  /** The product and its version as the operator has seen them; null for a new product. */
  read: { product: ProductBody; version: string } | null;
  /** Reads the product again, and discards what the operator has entered. Null for a new product. */
  onReload: (() => void) | null;
}

/**
 * A form that creates or changes a product. For a change, the form sends the version that the operator has seen, so
 * that the change cannot overwrite the change of another operator.
 */
export function ProductForm({ read, onReload }: ProductFormProps) {
  const [draft, setDraft] = useState(() => draftOf(read?.product));
  const [version, setVersion] = useState(read?.version ?? '');
  // The idempotency key of a new product. The key changes with the draft, because one key creates only one product.
  const [key, setKey] = useState(() => randomHex(16));
  const { mutate, isPending, isSuccess, error } = useSaveProduct();
  const [, navigate] = useLocation();
  const readOnlyReason = useReadOnlyReason();
  const fields = fieldsOf(draft);
  const edit = (changed: Partial<ProductDraft>): void => {
    setDraft({ ...draft, ...changed });
    setKey(randomHex(16));
  };
  const save = (): void => {
    if (fields === null) return;
    const target = read === null ? { currency: draft.currency, key } : { productId: read.product.product_id, version };
    mutate(
      { fields, target },
      {
        onSuccess: (saved) => {
          if (saved.version === null) navigate(opsProductPath(saved.productId));
          else setVersion(saved.version);
        },
      },
    );
  };
  return (
    <section aria-label={opsTexts.products.edit}>
      <ProductFieldset draft={draft} isNew={read === null} onEdit={edit} />
      <div className="actions">
        <Button
          kind="primary"
          disabled={fields === null || readOnlyReason !== null}
          pending={isPending ? opsTexts.actions.working : null}
          onPress={save}
        >
          {read === null ? opsTexts.products.create : opsTexts.products.save}
        </Button>
        {onReload !== null && error !== null && <Button onPress={onReload}>{opsTexts.products.reload}</Button>}
      </div>
      <Notice tone="error">{fields === null ? opsTexts.products.impossible : readOnlyReason}</Notice>
      <Notice>{isSuccess ? opsTexts.products.saved : null}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
    </section>
  );
}

interface ProductFieldsetProps {
  draft: ProductDraft;
  isNew: boolean;
  onEdit: (changed: Partial<ProductDraft>) => void;
}

function ProductFieldset({ draft, isNew, onEdit: edit }: ProductFieldsetProps) {
  const drawingsId = useId();
  return (
    <div className="ops-form">
      <label>
        {opsTexts.products.name}
        <input value={draft.name} maxLength={200} required onChange={({ target }) => edit({ name: target.value })} />
      </label>
      <label>
        {opsTexts.products.description}
        <input
          value={draft.description}
          maxLength={2000}
          onChange={({ target }) => edit({ description: target.value })}
        />
      </label>
      {isNew && (
        <label>
          {opsTexts.products.currency}
          <input
            value={draft.currency}
            maxLength={3}
            onChange={({ target }) => edit({ currency: target.value.toUpperCase() })}
          />
        </label>
      )}
      <label>
        {opsTexts.products.price(draft.currency)}
        <input inputMode="decimal" value={draft.price} onChange={({ target }) => edit({ price: target.value })} />
      </label>
      <label>
        {opsTexts.products.image}
        <input list={drawingsId} value={draft.image} onChange={({ target }) => edit({ image: target.value })} />
      </label>
      <datalist id={drawingsId}>
        {drawingPaths.map((path) => (
          <option key={path}>{path}</option>
        ))}
      </datalist>
      <label>
        <input type="checkbox" checked={draft.onSale} onChange={({ target }) => edit({ onSale: target.checked })} />{' '}
        {opsTexts.products.onSale}
      </label>
    </div>
  );
}

type ProductDraft = ReturnType<typeof draftOf>;

function draftOf(product: ProductBody | undefined) {
  return {
    name: product?.product ?? '',
    description: product?.description ?? '',
    currency: product?.currency ?? 'USD',
    price: product === undefined ? '' : decimalAmount({ minor: product.price_minor, currency: product.currency }),
    image: product?.image_url ?? '',
    onSale: product?.on_sale ?? true,
  };
}

/** @returns null if the name is empty, or if the price or the currency is invalid */
function fieldsOf({ name, description, currency, price, image, onSale }: ProductDraft): ProductFields | null {
  const minor = isCurrency(currency) ? parseAmount(price, currency) : null;
  if (minor === null || minor < 1 || name.trim() === '') return null;
  const imageUrl = image.trim() === '' ? null : image.trim();
  return { product: name, description, price_minor: minor, image_url: imageUrl, on_sale: onSale };
}
