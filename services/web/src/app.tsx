import { QueryClientProvider } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { pagePaths, shortPaths } from '@widget-store/contract';
import { useEffect, useRef } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { ErrorBoundary } from './components/errorBoundary.js';
import { Layout } from './components/layout.js';
import { focusHeading } from './components/page.js';
import { opsRoutes } from './ops/entry.js';
import { CartPage } from './pages/cart.js';
import { HomePage } from './pages/home.js';
import { NotFoundPage } from './pages/notFound.js';
import { OrderPage } from './pages/order.js';
import { OrdersPage } from './pages/orders.js';
import { PaymentPage } from './pages/payment.js';
import { type Shop, ShopProvider } from './shop.js';

export function App({ shop, queryClient }: { shop: Shop; queryClient: QueryClient }) {
  const [location] = useLocation();
  useFocusOnNavigation(location);
  return (
    <QueryClientProvider client={queryClient}>
      <ShopProvider shop={shop}>
        <Layout>
          <ErrorBoundary key={location}>
            <Pages />
          </ErrorBoundary>
        </Layout>
      </ShopProvider>
    </QueryClientProvider>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path={pagePaths.home}>
        <HomePage cursor={null} />
      </Route>
      <Route path={pagePaths.products}>{({ cursor }) => <HomePage cursor={cursor} />}</Route>
      <Route path={pagePaths.cart}>
        <CartPage />
      </Route>
      <Route path={pagePaths.payment}>{({ paymentId }) => <PaymentPage paymentId={paymentId} />}</Route>
      <Route path={pagePaths.order}>{({ orderId }) => <OrderPage orderId={orderId} />}</Route>
      <Route path={pagePaths.orders}>
        <OrdersPage />
      </Route>
      <Route path={shortPaths.cart}>
        <Redirect to={pagePaths.cart} replace />
      </Route>
      <Route path={shortPaths.orders}>
        <Redirect to={pagePaths.orders} replace />
      </Route>
      {opsRoutes}
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}

/**
 * Moves the focus to the heading after each navigation, so that screen readers announce the new page. Scrolls to the
 * top, but keeps the scroll position after Back and Forward.
 */
function useFocusOnNavigation(location: string): void {
  const previous = useRef(location);
  const backTarget = useRef<string | null>(null);
  useEffect(() => {
    const recordTarget = (): void => {
      backTarget.current = window.location.pathname;
    };
    // The router's listener renders the new page. A listener in the capture phase runs before the router's listener, so
    // it records the target in time.
    window.addEventListener('popstate', recordTarget, { capture: true });
    return () => window.removeEventListener('popstate', recordTarget, { capture: true });
  }, []);
  useEffect(() => {
    if (previous.current === location) return;
    previous.current = location;
    const isBack = backTarget.current === location;
    backTarget.current = null;
    if (!isBack) window.scrollTo(0, 0);
    focusHeading({ preventScroll: isBack });
  }, [location]);
}
