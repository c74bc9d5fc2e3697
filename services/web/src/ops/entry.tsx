import { pagePaths } from '@widget-store/contract';
import { lazy, Suspense } from 'react';
import { Link, Route } from 'wouter';
import { NavLink } from '../components/navLink.js';
import { texts } from '../texts.js';
import type { OpsPageName } from './index.js';
import { opsOrderPath } from './paths.js';

/** The operations pages are loaded on demand, because shoppers never open them. */
const Ops = lazy(async () => ({ default: (await import('./index.js')).Ops }));

function OpsPages({ show }: { show: OpsPageName }) {
  return (
    <Suspense fallback={<p>{texts.loading}</p>}>
      <Ops show={show} />
    </Suspense>
  );
}

export const opsRoutes = (
  <>
    <Route path={pagePaths.ops}>
      <OpsPages show={{ page: 'orders' }} />
    </Route>
    <Route path={pagePaths.opsOrder}>{({ orderId }) => <OpsPages show={{ page: 'order', orderId }} />}</Route>
    <Route path={pagePaths.opsPackingSlip}>
      {({ orderId }) => <OpsPages show={{ page: 'packingSlip', orderId }} />}
    </Route>
    <Route path={pagePaths.opsProducts}>
      <OpsPages show={{ page: 'products' }} />
    </Route>
    <Route path={pagePaths.opsProduct}>{({ productId }) => <OpsPages show={{ page: 'product', productId }} />}</Route>
  </>
);

/** The links of the header on the operations pages. */
export const opsNavigation = (
  <Route path={`${pagePaths.ops}/*?`}>
    <nav aria-label={texts.nav.label} className="site-nav site-nav-ops">
      <NavLink href={pagePaths.ops}>{texts.nav.opsOrders}</NavLink>
      <NavLink href={pagePaths.opsProducts}>{texts.nav.opsProducts}</NavLink>
      <NavLink href={pagePaths.home}>{texts.nav.viewShop}</NavLink>
    </nav>
  </Route>
);

/** Links the demo controls to the operations page, or to the page of an order. */
export function OpsLink({ orderId }: { orderId: string | undefined }) {
  return (
    <Link href={orderId === undefined ? pagePaths.ops : opsOrderPath(orderId)} className="button">
      {texts.demo.operations}
    </Link>
  );
}
