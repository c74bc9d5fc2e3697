import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const api = 'http://127.0.0.1:3000';
const apiPaths =
  '^/(products?|settings|ops/(orders|summary|anomalies|crash)|restock|crash_application|checkout|payment|orders?)(/|\\?|$)';

// The build obeys the api's content security policy: every asset is a file of its own, nothing is inlined as a data: URI.
export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@widget-store/source', ...defaultClientConditions] },
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { [apiPaths]: api } },
});
