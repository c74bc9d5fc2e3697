import { inStorefront } from './setup';
import { orderIdOf } from './steps';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { expectAccessible } from './expectAccessible';

/** The cart and its one-page checkout, in a real Chromium. */
describe('the cart', () => {
  const open = inStorefront();
  let { store, shopper, page, ledgers } = open;
  beforeEach(async () => {
    ({ store, shopper, page, ledgers } = open);
    await setAvailable(store.store, 100, pocket);
    await page.goto('/');
  });

  const pocket = 2;
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  const cartLink = () => page.getByRole('link', { name: /^Cart/ });
  const quantity = () => page.getByLabel('Quantity of Pocket Widget');

  async function fillCart(): Promise<void> {
    await shopper.button('Add to cart: Pocket Widget').click();
    await shopper.button('Add to cart: Premium Quality Widget').click();
    await cartLink().click();
    await shopper.button('Add one Pocket Widget').click();
  }

  test('several products are bought as one order, and leave the cart', async () => {
    await fillCart();
    await page.getByText('$139.97', { exact: true }).waitFor();
    await shopper.button(/^Continue to payment/).click();
    await shopper.arrivesAtGateway();
    await shopper.text('2 × Pocket Widget');
    await page
      .getByRole('timer')
      .getByText(/^1[45]:\d\d left to pay$/)
      .waitFor();
    const orderId = await shopper.leaveGateway('Pay $139.97');
    await shopper.text('Your order is being shipped.');
    const rows = await page.getByRole('row').allInnerTexts();
    expect(rows.map((row) => row.split('\t'))).toEqual([
      ['Item', 'Quantity', 'Price', 'Amount'],
      ['Premium Quality Widget', '1', '$99.99', '$99.99'],
      ['Pocket Widget', '2', '$19.99', '$39.98'],
      ['Total', '$139.97'],
    ]);
    expect(await ledgers.quantitiesOf(orderId)).toEqual({ 1: 1, 2: 2 });
    expect(await cartLink().textContent()).toBe('Cart');
    expect(shopper.complaints).toEqual([]);
    expect(shopper.foreignRequests).toEqual([]);
  });

  test('if the total has changed, nothing is ordered before the shopper accepts the new total', async () => {
    const before = await ledgers.orderIds();
    const price = (priceMinor: number) =>
      store.store.changeProduct({ operator: 'anna', productId: pocket, priceMinor });
    await fillCart();
    await page.getByText('$139.97', { exact: true }).waitFor();
    // The page must still show the old prices, so its requests for the products are aborted from here on.
    const lastLook = page.waitForEvent('requestfailed', (request) => request.url().includes('/products?'));
    await page.route('**/products?*', (route) => route.abort());
    await lastLook;
    await price(2499);
    await shopper.button('Continue to payment · $139.97').click();
    await shopper.text('The total has changed. Nothing was ordered, and you are not charged.');
    await shopper.text('The new total is $149.97 instead of $139.97.');
    expect(await ledgers.orderIds()).toEqual(before);
    await page.unroute('**/products?*');
    await shopper.text('Pocket Widget costs $24.99 instead of $19.99.');
    await shopper.text('The price has changed. It was $19.99 before.');
    await expectAccessible(page, 'total-changed');
    expect(await focused()).toBe('Accept the new total · $149.97');
    await page.keyboard.press('Enter');
    await shopper.arrivesAtGateway();
    await shopper.leaveGateway('Pay $149.97');
    await price(1999);
    expect(await ledgers.orderIds()).toHaveLength(before.length + 1);
  });

  test('a link to the cart appears beside a product that was added, and the header stays visible', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await shopper.button('Add to cart: Outdoor Widget').click();
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
    const isInView = await cartLink().evaluate((link) => link.getBoundingClientRect().top >= 0);
    expect([isInView, await cartLink().textContent()]).toEqual([true, 'Cart1 1 item']);
    await page.getByRole('link', { name: 'View cart (1)' }).click();
    await shopper.button('Continue to payment · $124.50').waitFor();
  });

  test('survives a reload and is shared with other tabs', async () => {
    await fillCart();
    await page.reload();
    expect(await quantity().inputValue()).toBe('2');
    const other = await page.context().newPage();
    await other.goto(`${store.apiUrl}/shop/cart`);
    await other.getByRole('button', { name: 'Add one Pocket Widget' }).click();
    await eventually(
      () => quantity().inputValue(),
      (shown) => shown === '3',
    );
  });

  test('Back restores the scroll position, and a new page starts at the top', async () => {
    await page.setViewportSize({ width: 400, height: 400 });
    await shopper.button('Add to cart: Pocket Widget').waitFor();
    const scrolled = () => page.evaluate(() => window.scrollY);
    await page.evaluate(() => window.scrollTo(0, 300));
    // A click with the pointer would first scroll to the link, so the test calls `click()` in the page.
    await cartLink().evaluate((link: HTMLElement) => link.click());
    await page.getByRole('heading', { name: 'Cart', exact: true }).waitFor();
    await eventually(scrolled, (top) => top === 0);
    await page.goBack();
    expect(await eventually(scrolled, (top) => top > 0)).toBe(300);
  });

  test('accepts a typed quantity, and ignores invalid input', async () => {
    await fillCart();
    await quantity().fill('7');
    await quantity().press('Enter');
    await page.getByText('$239.92', { exact: true }).waitFor();
    for (const nonsense of ['', '0', '-3', '1.5']) {
      await quantity().fill(nonsense);
      await quantity().blur();
      expect(await quantity().inputValue()).toBe('7');
    }
  });

  test('removing a product moves the focus to the heading, and is announced', async () => {
    await fillCart();
    await shopper.button('Remove Pocket Widget').click();
    await page
      .getByRole('status')
      .getByText('Pocket Widget was removed from your cart.')
      .waitFor({ state: 'attached' });
    expect(await focused()).toBe('Cart');
    await shopper.button('Remove Premium Quality Widget').click();
    await shopper.text('Your cart is empty.');
  });

  test('a line that exceeds the stock says so, and the shopper can correct it', async () => {
    await fillCart();
    await setAvailable(store.store, 1, pocket);
    await shopper.text('Only 1 left. Please reduce the quantity.');
    expect(await shopper.button(/^Continue to payment/).isDisabled()).toBe(true);
    await shopper.button('Remove one Pocket Widget').click();
    await shopper.button(/^Continue to payment/).click();
    await shopper.arrivesAtGateway();
  });

  test('a cart with two currencies says that it cannot be one order, and the shopper can correct it', async () => {
    const { sql } = store;
    await sql`insert into products (product_id, name, description, price_minor, currency) values (61, 'Euro', '', 100, 'EUR')`;
    await setAvailable(store.store, 5, 61);
    await shopper.button('Add to cart: Pocket Widget').click();
    await shopper.button('Add to cart: Euro').click();
    await cartLink().click();
    await shopper.text('The prices are in USD and EUR. An order can have only one currency.');
    expect(await shopper.button(/^Continue to payment/).isDisabled()).toBe(true);
    await shopper.button('Remove Euro').click();
    expect(await shopper.button('Continue to payment · $19.99').isDisabled()).toBe(false);
    await sql`delete from stock_movements where product_id = 61`;
    await sql`delete from products where product_id = 61`;
  });

  test('a product that is deleted during the purchase is left out of the order, even after a reload', async () => {
    const { sql } = store;
    await sql`insert into products (product_id, name, description, price_minor, currency) values (60, 'Gone', '', 100, 'USD')`;
    await setAvailable(store.store, 5, 60);
    await shopper.button('Add to cart: Pocket Widget').click();
    await shopper.button('Add to cart: Gone').click();
    await cartLink().click();
    const total = () => page.locator('.total dd').textContent();
    await eventually(total, (shown) => shown === '$20.99');
    const deleteProduct = async () => {
      await sql`delete from stock_movements where product_id = 60`;
      await sql`delete from products where product_id = 60`;
    };
    await page.route('**/checkout/*', (route) => deleteProduct().then(() => route.continue()), { times: 1 });
    await shopper.button(/^Continue to payment/).click();
    await shopper.text(/The store refused this order/);
    await shopper.text('No longer on sale. It is not part of your order.');
    expect(await total()).toBe('$19.99');
    await page.reload();
    await shopper.text('No longer on sale. It is not part of your order.');
    expect(await total()).toBe('$19.99');
    await shopper.button(/^Continue to payment/).click();
    await shopper.arrivesAtGateway();
    const [orderId = ''] = (await ledgers.orderIds()).slice(-1);
    expect(await ledgers.quantitiesOf(orderId)).toEqual({ 2: 1 });
  });

  test('the items of a cancelled order can be put into the cart again', async () => {
    await fillCart();
    await shopper.button(/^Continue to payment/).click();
    await shopper.arrivesAtGateway();
    await shopper.leaveGateway('Decline');
    await shopper.button('Buy again').click();
    await page.getByText('$139.97', { exact: true }).waitFor();
    expect(await cartLink().textContent()).toBe('Cart3 3 items');
  });

  test('a shopper can leave an unfinished order and place another, and the list shows both', async () => {
    await shopper.button('Buy now').click();
    await shopper.arrivesAtGateway();
    await page.goto('/');
    await shopper.button('Start a new order').click();
    await shopper.button('Buy now').click();
    await shopper.arrivesAtGateway();
    await page.goto('/shop/orders');
    await eventually(
      () => page.getByText('Awaiting payment').count(),
      (count) => count === 2,
    );
    expect(await ledgers.available()).toBe(98);
  });

  test('the button reacts within a frame, and a second press places no second order', async () => {
    const before = await ledgers.orderIds();
    await page.route('**/checkout/*', (route) => eventually(pressedTwice, Boolean).then(() => route.continue()));
    await shopper.button('Buy now').waitFor();
    let presses = 0;
    const pressedTwice = () => Promise.resolve(presses === 2);
    const press = async () => {
      const shown = await page.evaluate(async () => {
        const button = document.querySelector<HTMLButtonElement>('.purchase .button-primary');
        button?.click();
        await new Promise(requestAnimationFrame);
        return [button?.textContent, button?.getAttribute('aria-busy')];
      });
      presses += 1;
      return shown;
    };
    expect(await press()).toEqual(['Ordering…', 'true']);
    expect(await press()).toEqual(['Ordering…', 'true']);
    await shopper.arrivesAtGateway();
    expect(await ledgers.orderIds()).toHaveLength(before.length + 1);
  });

  test('a purchase is possible with only the keyboard', async () => {
    const { keyboard } = page;
    const tabTo = async (name: string | RegExp) => {
      for (let stops = 0; stops < 40; stops += 1) {
        await keyboard.press('Tab');
        const label = await page.evaluate(() => {
          const element = document.activeElement;
          return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim();
        });
        if (typeof name === 'string' ? label === name : name.test(label)) return;
      }
      throw new Error(`Tab does not reach ${String(name)}`);
    };
    await shopper.button('Buy now').waitFor();
    await tabTo('Skip to content');
    await keyboard.press('Enter');
    await tabTo('Add to cart: Pocket Widget');
    await keyboard.press('Enter');
    await page.getByRole('status').getByText('1 in your cart').waitFor();
    await keyboard.press('Home');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await tabTo(/^Cart/);
    await keyboard.press('Enter');
    await eventually(focused, (text) => text === 'Cart');
    await tabTo('Add one Pocket Widget');
    await keyboard.press('Space');
    await tabTo('Continue to payment · $39.98');
    await keyboard.press('Enter');
    await shopper.arrivesAtGateway();
    await tabTo('Pay $39.98');
    await keyboard.press('Enter');
    await page.waitForURL('**/shop/order/ord_*');
    await shopper.text('Your order is being shipped.');
    expect(await ledgers.quantitiesOf(orderIdOf(page))).toEqual({ 2: 2 });
  });
});
