import { pagePaths } from '@widget-store/contract';
import type { ReactNode } from 'react';
import { Link, Route, Switch } from 'wouter';
import { useOnline } from '../browserState.js';
import { countItems } from '../cart.js';
import { formatCount } from '../format.js';
import { opsNavigation } from '../ops/entry.js';
import { useCartLines, useTemporaryStorage } from '../shop.js';
import { texts } from '../texts.js';
import { NavLink } from './navLink.js';

/** The header, notices and footer around every page. */
export function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip-link" href="#content">
        {texts.skipToContent}
      </a>
      <header className="site-header">
        <div className="site-header-inner">
          <Link href={pagePaths.home} className="wordmark">
            <Mark />
            {texts.storeName}
          </Link>
          <Navigation />
        </div>
      </header>
      <Offline />
      <StorageRefused />
      <main id="content">{children}</main>
      <footer className="site-footer">
        <p>{texts.footer}</p>
      </footer>
    </>
  );
}

/** The links of the header. The operations pages have other links than the pages for shoppers. */
function Navigation() {
  return (
    <Switch>
      {opsNavigation}
      <Route>
        <nav aria-label={texts.nav.label} className="site-nav">
          <NavLink href={pagePaths.home}>{texts.nav.store}</NavLink>
          <NavLink href={pagePaths.orders}>{texts.nav.orders}</NavLink>
          <CartLink />
        </nav>
      </Route>
    </Switch>
  );
}

function CartLink() {
  const count = countItems(useCartLines());
  return (
    <NavLink href={pagePaths.cart}>
      {texts.nav.cart}
      {count > 0 && (
        <>
          <span className="cart-count" aria-hidden="true">
            {count}
          </span>
          <span className="visually-hidden"> {texts.nav.items(count, formatCount(count))}</span>
        </>
      )}
    </NavLink>
  );
}

/** The notice that the browser is offline. It is in the layout, because no page works offline. */
function Offline() {
  const isOnline = useOnline();
  return <output className="offline">{isOnline ? null : <p>{texts.offline}</p>}</output>;
}

/** Warns the shopper that the browser refuses to store data, so a reload loses the cart and the list of orders. */
function StorageRefused() {
  const isTemporary = useTemporaryStorage();
  return <output className="offline">{isTemporary ? <p>{texts.storageRefused}</p> : null}</output>;
}

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 2 28 9v14L16 30 4 23V9z" />
      <circle cx="16" cy="16" r="5.5" />
    </svg>
  );
}
