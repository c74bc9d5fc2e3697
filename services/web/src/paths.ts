import {
  operationsPath,
  opsProductPath as productPath,
  orderPagePath,
  packingSlipPath,
  paymentPagePath,
} from '@widget-store/contract';

/** The path of a later page of the catalogue. */
export function productsPath(cursor: string): string {
  return `/shop/products/${encodeURIComponent(cursor)}`;
}

export function paymentPath(paymentId: string): string {
  return paymentPagePath(encodeURIComponent(paymentId));
}

export function orderPath(orderId: string): string {
  return orderPagePath(encodeURIComponent(orderId));
}

/** @param productId `new` for a product to create */
export function opsProductPath(productId: number | 'new'): string {
  return productPath(String(productId));
}

export function opsOrderPath(orderId: string): string {
  return operationsPath(encodeURIComponent(orderId));
}

export function opsPackingSlipPath(orderId: string): string {
  return packingSlipPath(encodeURIComponent(orderId));
}
