import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createStoreApi } from './api.js';
import { App } from './app.js';
import { createCart } from './cart.js';
import { createCheckoutKeys } from './checkoutKey.js';
import { createOrderHistory } from './orderHistory.js';
import { createQueryClient } from './queries.js';
import { browserStorage, newIdempotencyKey } from './storage.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import './styles/pages.css';
import './styles/shop.css';
import './styles/tables.css';
import './styles/print.css';

const storage = browserStorage(() => window.localStorage);
const checkouts = createCheckoutKeys({ storage, newKey: newIdempotencyKey });
const cart = createCart(storage);
const history = createOrderHistory(storage);
for (const { changedElsewhere } of [checkouts, cart, history]) window.addEventListener('storage', changedElsewhere);
const api = createStoreApi((input, init) => fetch(input, init));

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App shop={{ api, cart, checkouts, history, storage }} queryClient={createQueryClient()} />
  </StrictMode>,
);
