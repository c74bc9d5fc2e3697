import { operationsPath, opsProductPath as productPath, packingSlipPath } from '@widget-store/contract';

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
