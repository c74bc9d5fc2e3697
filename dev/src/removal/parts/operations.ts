import type { Part } from '../removePart';

const names =
  'attention buyer-erased buyer order packing-slip product products question refund refunded ship to-ship token-wrong token unknown';
const screenshots = ['ops', ...names.split(' ').map((name) => `ops-${name}`)];

/** The operations pages. The calls of operators remain, and so do the addresses of the pages, for a back office. */
export const operations: Part = {
  paths: [
    ...screenshots.map((name) => `docs/screenshots/${name}.png`),
    'services/web/src/ops',
    'tests/src/storefront/operationsDemo.test.ts',
    'tests/src/storefront/operationsPage.test.ts',
    'tests/src/storefront/productPages.test.ts',
  ],
  drops: {
    'docs/adapting.md': ['| `operations` |'],
    'docs/storefront.md': ['## The operations page'],
    'services/web/src/app.tsx': ['import { opsRoutes }', '{opsRoutes}'],
    'services/web/src/components/demoControls.tsx': [
      'import { OpsLink }',
      '/** The order to whose operations page',
      'orderId?: string',
      '<OpsLink ',
    ],
    'services/web/src/components/layout.tsx': ['import { opsNavigation }', '{opsNavigation}'],
    'services/web/src/texts.ts': ['opsOrders:', 'opsProducts:', 'viewShop:', "operations: 'Open"],
    'tests/longestFirst.js': ["'storefront/operationsPage'"],
    'tests/src/storefront/states.test.ts': [
      'import { newOrderId }',
      'import type { TestStore }',
      "test('an order with manual fulfilment:",
      '/** Places an order of eight pieces',
      'async function readyOrder(',
    ],
  },
  replacements: {
    Makefile: [
      [
        ' tests/src/storefront/operationsPage.test.ts tests/src/storefront/operationsDemo.test.ts tests/src/storefront/productPages.test.ts',
        '',
      ],
    ],
    'docs/changing.md': [
      [' `ops/opsOrderPage.tsx`, `ops/shipForm.tsx`,', ''],
      [' The texts for operators are in `ops/texts.ts`.', ''],
    ],
    'docs/operations.md': [['[operations page](storefront.md#the-operations-page)', 'operations page']],
    'services/web/src/api.ts': [['export function checkedFetch', 'function checkedFetch']],
    'services/web/src/components/demoControls.tsx': [['{ withRestock = false, orderId }', '{ withRestock = false }']],
    'services/web/src/orderTexts.ts': [['export function sumMinor', 'function sumMinor']],
    'services/web/src/pages/order.tsx': [['<DemoControls orderId={orderId} />', '<DemoControls />']],
    'tests/src/examples/storefront.test.ts': [
      [
        `    await page.goto(\`\${store.apiUrl}\${orderPath.replace('/shop/', '/ops/')}\`);
    await page.getByRole('link', { name: "The shopper's order page" }).click();
    await page.waitForURL(frontUrl + orderPath);
`,
        '',
      ],
    ],
    'tests/src/storefront/expectAccessible.ts': [['export const phone', 'const phone']],
    'tests/src/storefront/hostileTexts.test.ts': [
      ["const orderId = await shopper.leaveGateway('Pay $99.99');", "await shopper.leaveGateway('Pay $99.99');"],
      [
        `    await page.goto(\`/ops/order/\${orderId}\`);
    await page.getByText(name).first().waitFor();
    await expectNothingWiderThanThePhone();
`,
        '',
      ],
    ],
    'tests/src/storefront/states.test.ts': [['{ expectAccessible, phone }', '{ expectAccessible }']],
  },
};
