import { formatMoney as formatInLocale, type Money } from '@widget-store/contract';
import { html } from 'hono/html';

export type Html = ReturnType<typeof html>;

interface PageContent {
  title: string;
  main: Html;
  /** The CSS class of a page that does not look like a payment page. */
  kind?: 'dashboard';
}

/** Returns a whole page around its main part. */
export function htmlDocument({ title, main, kind }: PageContent): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/pay.css" />
      </head>
      <body${kind === undefined ? '' : html` class="${kind}"`}>
        <header class="banner"><b>Sandbox</b> No real money moves here.</header>
        <main>${main}</main>
        <footer>Payment sandbox, not a bank</footer>
      </body>
    </html>`;
}

export function formatMoney(money: Money): string {
  return formatInLocale(money, 'en-US');
}
