import { storeName } from '@widget-store/contract';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, loadEnv } from 'vite';

/** Matches every path except those of the modules that Vite serves. */
const notVite = '^/(?!@|__|src/|node_modules/)';

export default defineConfig(({ mode }) => {
  const { PORT = '3000', WEB_PORT = '5173' } = loadEnv(mode, import.meta.dirname, '');
  return {
    plugins: [react(), { name: 'store-name', transformIndexHtml: withStoreName }],
    resolve: { conditions: ['@widget-store/source', ...defaultClientConditions] },
    // The api's content security policy allows no `data:` URI, so no asset is inlined.
    build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    server: {
      host: '127.0.0.1',
      port: Number(WEB_PORT),
      strictPort: true,
      proxy: {
        [notVite]: {
          target: `http://127.0.0.1:${PORT}`,
          // Vite serves the pages that the browser opens. Every other call goes to the api.
          bypass: ({ headers }) => (headers.accept?.includes('text/html') === true ? '/index.html' : undefined),
        },
      },
    },
  };
});

function withStoreName(page: string): string {
  return page.replaceAll('%STORE_NAME%', storeName.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
}
