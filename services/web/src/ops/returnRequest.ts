import type { OpsOrderBody } from '@widget-store/api';
import type { ReturnRequest } from './orderApi.js';
import { returnableItems } from './refundRequest.js';
import { opsTexts } from './texts.js';

/** What an operator has entered in the form for pieces that came back without a refund. */
export interface ReturnDraft {
  /** The number of pieces that came back, by product id. */
  quantities: Record<number, number>;
  reason: string;
}

/** The return that a draft describes. Null if it has no piece, or more pieces than can come back. */
export function proposeReturn(order: OpsOrderBody, { quantities, reason }: ReturnDraft): ReturnRequest | null {
  const items = returnableItems(order);
  const lines = items.map((item) => ({ product_id: item.product_id, quantity: quantities[item.product_id] ?? 0 }));
  const hasTooMany = items.some((item) => (quantities[item.product_id] ?? 0) > item.quantity - item.returned);
  const returned = lines.filter(({ quantity }) => quantity > 0);
  if (hasTooMany || returned.length === 0) return null;
  const note = reason.trim();
  return { items: returned, ...(note === '' ? {} : { reason: note }) };
}

/** The pieces of a return, in words. */
export function returnedPieces({ items }: OpsOrderBody, request: ReturnRequest | null): string[] {
  return (request?.items ?? []).map(({ product_id: productId, quantity }) => {
    const product = items.find((item) => item.product_id === productId)?.product ?? '';
    return opsTexts.refund.units(product, quantity);
  });
}
