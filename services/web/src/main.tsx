import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { createStoreApi } from './api.js';
import { App } from './app.js';
import { createCart } from './cart.js';
import { createCheckoutStore } from './checkoutStore.js';
import { createOrderHistory } from './orderHistory.js';
import { createQueryClient } from './queries.js';
import { randomHex } from './randomHex.js';
import { browserStorage } from './storage.js';
import { useStoreLocation } from './storeLocation.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import './styles/pages.css';
import './styles/shop.css';
import './styles/tables.css';
import './styles/print.css';

const storage = browserStorage(() => window.localStorage);
const checkouts = createCheckoutStore({ storage, newKey: () => randomHex(16) });
const cart = createCart(storage);
const history = createOrderHistory(storage);
for (const { onStorageEvent } of [checkouts, cart, history]) window.addEventListener('storage', onStorageEvent);
const api = createStoreApi((input, init) => fetch(input, init));

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Router hook={useStoreLocation}>
      <App shop={{ api, cart, checkouts, history, storage }} queryClient={createQueryClient()} />
    </Router>
  </StrictMode>,
);
