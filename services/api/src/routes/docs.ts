import { dirname } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { storeName } from '@widget-store/contract';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { html } from 'hono/html';

/**
 * The routes of the API's documentation: `/openapi.json`, and the page `/docs`, which shows the document and can send
 * requests.
 */
export function docsRoutes(makeDocument: () => object) {
  let document: string | undefined;
  const root = dirname(require.resolve('swagger-ui-dist/package.json'));
  const file = serveStatic({ root, rewriteRequestPath: (path) => path.slice('/docs'.length) });
  return new Hono()
    .use('/openapi.json', compress())
    .use('/docs/*', compress())
    .get('/openapi.json', (c) => {
      document ??= JSON.stringify(makeDocument());
      return c.body(document, 200, { 'Content-Type': 'application/json' });
    })
    .get('/docs', (c) => c.html(page))
    .get('/docs/start.js', (c) => c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }))
    .get('/docs/swagger-ui.css', file)
    .get('/docs/swagger-ui-bundle.js', file)
    .get('/docs/favicon-32x32.png', file);
}

const page = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${storeName} API</title>
      <link rel="icon" href="/docs/favicon-32x32.png" type="image/png" />
      <link rel="stylesheet" href="/docs/swagger-ui.css" />
    </head>
    <body>
      <div id="docs"></div>
      <noscript>This page needs JavaScript. <a href="/openapi.json">The OpenAPI document</a> does not.</noscript>
      <script src="/docs/swagger-ui-bundle.js"></script>
      <script src="/docs/start.js"></script>
    </body>
  </html> `;

/**
 * The page loads this script as a file, because the content security policy forbids inline scripts. The script turns
 * Swagger UI's validator off, because the default validator is on another origin.
 */
const script = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });
`;
