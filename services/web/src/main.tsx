import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createStoreApi } from './api.js';
import { App } from './app.js';
import { createCheckoutKeys } from './checkoutKey.js';
import { createQueryClient } from './queries.js';
import { browserStorage, newIdempotencyKey } from './storage.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import './styles/pages.css';
import './styles/tables.css';

const checkouts = createCheckoutKeys({ storage: browserStorage(), newKey: newIdempotencyKey });
window.addEventListener('storage', checkouts.changedElsewhere);
const api = createStoreApi((input, init) => fetch(input, init));

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App store={{ api, checkouts }} queryClient={createQueryClient()} />
  </StrictMode>,
);
