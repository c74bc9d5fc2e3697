import { untilReplaced } from '../support/servers/processes';
import { shopperOf } from '../support/http/shopper';
import { quickDispatches } from '../support/store/store';
import { expectAccessible } from './expectAccessible';
import { inStorefront } from './setup';

const searchField = 'Order number, e-mail, name, order id, payment id or idempotency key';

describe('the operations page in demo mode', () => {
  const open = inStorefront({ worker: quickDispatches, extraEnvironment: { worker: { COLLECT_ADDRESS: 'GB,IE' } } });

  it('opens without a token and stores nothing in the browser', async () => {
    const { page } = open;
    await page.goto('/ops');
    await page.getByLabel(searchField).waitFor();
    expect(await page.getByLabel('Admin token').count()).toBe(0);
    const kept = await page.evaluate(() => [window.sessionStorage.length, window.localStorage.length]);
    expect(kept).toEqual([0, 0]);
    const orderId = await open.store.orderIdOf(await shopperOf(open.store.apiUrl).reserve());
    await page.goto(`/ops/order/${orderId}`);
    await page.getByText('Stock hold of 1').waitFor();
  });

  it('shows where the parcel goes, finds the order by its buyer, and erases the buyer', async () => {
    const { page, shopper } = open;
    const { button, text } = shopper;
    await shopper.buy();
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('Country').selectOption('Ireland');
    await expectAccessible(page, 'payment-address');
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await text('Ada Lovelace, 3 Otterburrow Row, YO1 7HH York, Ireland');
    await text('i…@example.org');
    await text('Your order is on its way.');
    await page.goto('/ops');
    const { order_number: orderNumber } = await shopperOf(open.store.apiUrl).order(orderId);
    const link = page.getByRole('link', { name: orderNumber });
    expect(await page.getByLabel(searchField).getAttribute('autocomplete')).toBe('off');
    for (const person of ['lovelace', 'imogen.thistlewick@example.org']) {
      await page.getByLabel(searchField).fill('Nobody');
      await button('Search').click();
      await text('No matching orders.');
      await page.getByLabel(searchField).fill(person);
      await button('Search').click();
      await link.waitFor();
      expect(new URL(page.url()).search).toBe('');
    }
    await link.click();
    await text('imogen.thistlewick@example.org');
    await expectAccessible(page, 'ops-buyer');
    const shop = await page.context().newPage();
    await shop.goto(`/shop/order/${orderId}`);
    const shown = shop.getByText('Ada Lovelace, 3 Otterburrow Row, YO1 7HH York, Ireland');
    await shown.waitFor();
    await button('Erase the buyer').click();
    await button('Yes, erase the buyer').click();
    await text('Buyer erased');
    await shown.waitFor({ state: 'detached' });
    await expectAccessible(page, 'ops-buyer-erased');
    expect(await page.getByText(/Lovelace/).count()).toBe(0);
    expect((await shopperOf(open.store.apiUrl).order(orderId)).ship_to).toBeNull();
    expect(shopper.complaints).toEqual([]);
  });

  it.each(['api', 'worker'] as const)('crashes only the %s', async (name) => {
    const { page, store } = open;
    const other = store.processes[name === 'api' ? 'worker' : 'api'];
    const { pid } = other;
    await page.goto('/ops');
    await untilReplaced([store.processes[name]], async () => {
      await page.getByRole('button', { name: `Crash the ${name}` }).click();
      await page.getByText('The process crashed. Its supervisor restarts it.').first().waitFor();
    });
    await store.processes[name].whenReady({ deadlineMs: 30_000 });
    expect(other.pid).toBe(pid);
    expect(await page.getByRole('button', { name: /^Crash/ }).count()).toBe(2);
  });
});
