import type { ReactNode } from 'react';
import { OpsOrderPage } from './opsOrderPage.js';
import { OpsPage } from './opsPage.js';
import { PackingSlipPage } from './packingSlip.js';
import { NewProductPage, ProductPage } from './productPage.js';
import { ProductsPage } from './productsPage.js';
import './ops.css';

export type OpsPageName =
  | { page: 'orders' | 'products' }
  | { page: 'order' | 'packingSlip'; orderId: string }
  /** The id `new` stands for a product that the operator will create. */
  | { page: 'product'; productId: string };

/** The operations pages, in a separate bundle. */
export function Ops({ show }: { show: OpsPageName }) {
  return <div className="ops">{pageOf(show)}</div>;
}

function pageOf(show: OpsPageName): ReactNode {
  switch (show.page) {
    case 'orders':
      return <OpsPage />;
    case 'order':
      return <OpsOrderPage key={show.orderId} orderId={show.orderId} />;
    case 'packingSlip':
      return <PackingSlipPage key={show.orderId} orderId={show.orderId} />;
    case 'products':
      return <ProductsPage />;
    case 'product':
      if (show.productId === 'new') return <NewProductPage />;
      return <ProductPage key={show.productId} productId={Number(show.productId)} />;
    default:
      return show satisfies never;
  }
}
