import type { ProductBody } from '@widget-store/api';
import {
  decimalAmount,
  drawingPaths,
  formatMoney,
  isCurrency,
  minorUnitDigits,
  parseAmount,
} from '@widget-store/contract';
import type { ProductFields } from './productApi.js';
import { productTexts } from './productTexts.js';

/** What the operator has entered about a product. */
export type ProductDraft = ReturnType<typeof draftOf>;

/**
 * @param product undefined for a new product
 * @param currency that of a new product
 */
export function draftOf(product: ProductBody | undefined, currency = '') {
  return {
    name: product?.product ?? '',
    description: product?.description ?? '',
    currency: product?.currency ?? currency,
    price: product === undefined ? '' : decimalAmount({ minor: product.price_minor, currency: product.currency }),
    image: product?.image_url ?? '',
    onSale: product?.on_sale ?? true,
  };
}

/** The currencies of the products, the most frequent first. */
export function currenciesOf(products: Pick<ProductBody, 'currency'>[]): string[] {
  const counts = new Map<string, number>();
  for (const { currency } of products) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one).map(([currency]) => currency);
}

export function isSameDraft(one: ProductDraft, other: ProductDraft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @returns null if the name is empty, or if the price or the currency is invalid */
export function fieldsOf({ name, description, currency, price, image, onSale }: ProductDraft): ProductFields | null {
  const minor = isCurrency(currency) ? parseAmount(price, currency) : null;
  if (minor === null || minor < 1 || name.trim() === '') return null;
  const imageUrl = image.trim() === '' ? null : image.trim();
  return { product: name, description, price_minor: minor, image_url: imageUrl, on_sale: onSale };
}

/**
 * The question before a price changes by more than half, because such a change is often a typing error.
 *
 * @returns null for a smaller change, for the first price, and for an invalid one
 */
export function priceQuestion(saved: ProductDraft, draft: ProductDraft): string | null {
  const [before, after] = [saved, draft].map((one) => fieldsOf(one)?.price_minor);
  if (before === undefined || after === undefined || 2 * Math.abs(after - before) <= before) return null;
  const money = (minor: number): string => formatMoney({ minor, currency: draft.currency });
  return productTexts.products.priceDialog.title(money(before), money(after));
}

/** What is wrong with each field; null for a field that is right. */
export type DraftErrors = Record<'name' | 'currency' | 'price', string | null>;

export function errorsOf({ name, currency, price }: ProductDraft): DraftErrors {
  const { errors } = productTexts.products;
  const isKnown = isCurrency(currency);
  return {
    name: name.trim() === '' ? errors.name : null,
    currency: isKnown ? null : errors.currency,
    price: isKnown ? priceError(price.trim(), currency) : null,
  };
}

/**
 * Why shoppers would not see the picture; null if it is a drawing, or at an allowed origin.
 *
 * @param origins the allowed origins
 */
export function pictureError(picture: string, origins: readonly string[]): string | null {
  const { errors } = productTexts.products;
  if (picture === '' || drawingPaths.includes(picture)) return null;
  const url = URL.canParse(picture) ? new URL(picture) : null;
  if (url?.protocol !== 'https:') return errors.notHttps;
  return origins.includes(url.origin) ? null : errors.origin(url.origin, [...origins, url.origin].join(','));
}

function priceError(price: string, currency: string): string | null {
  const { errors } = productTexts.products;
  const minor = parseAmount(price, currency);
  if (minor !== null) return minor === 0 ? errors.zero : null;
  const example = decimalAmount({ minor: 1850, currency });
  if (price === '') return errors.noPrice(example);
  if (/^-[\d.,]+$/.test(price)) return errors.zero;
  if (/[^\d.,\s]/.test(price)) return errors.notNumber(example);
  if (/^\d{13}/.test(price)) return errors.tooHigh;
  return /^\d+[.,]\d*$/.test(price) ? errors.decimals(minorUnitDigits(currency)) : errors.thousands(example);
}
