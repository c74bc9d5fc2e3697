import { eventually } from '../support/eventually';
import { inStorefront } from './setup';

const phone = { width: 390, height: 844 };
const name = `${'Unbreakable'.repeat(6)}Widget`;
const description = 'x'.repeat(500);

/** Long texts of an operator must fit on the narrow screen of a phone. */
describe('a product name of 72 characters without a space', () => {
  const open = inStorefront();
  let { store, shopper, page } = open;
  beforeEach(async () => {
    ({ store, shopper, page } = open);
    await page.setViewportSize(phone);
    await store.sql`update products set name = ${name}, description = ${description}`;
  });

  const expectNothingWiderThanThePhone = async () =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width);

  test('widens no page from the catalogue to the receipt', async () => {
    await page.goto('/');
    await shopper.button(`Add to cart: ${name}`).first().click();
    await expectNothingWiderThanThePhone();
    await page.getByRole('link', { name: /^Cart/ }).click();
    await page.getByRole('heading', { name }).waitFor();
    await expectNothingWiderThanThePhone();
    await shopper.button(/^Continue to payment/).click();
    await shopper.arrivesAtGateway();
    await expectNothingWiderThanThePhone();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await page.getByRole('cell', { name }).waitFor();
    await expectNothingWiderThanThePhone();
    await page.goto('/shop/orders');
    await page.getByText(name).waitFor();
    await expectNothingWiderThanThePhone();
    await page.goto(`/ops/order/${orderId}`);
    await page.getByText(name).first().waitFor();
    await expectNothingWiderThanThePhone();
  });
});

describe('a browser whose storage is full', () => {
  const open = inStorefront();
  let { shopper, page } = open;
  beforeEach(async () => {
    ({ shopper, page } = open);
    await page.goto('/');
    await page.evaluate(() => {
      window.localStorage.setItem('widget-store.cart', '[{"productId":2,"quantity":1}]');
      for (let length = 4 << 20; length >= 1; length = Math.floor(length / 2)) {
        try {
          window.localStorage.setItem(`fill-${length}`, 'x'.repeat(length));
        } catch {
          // The text did not fit. Half of it may still fit.
        }
      }
    });
    await page.reload();
  });

  test('shows the stored cart and a new item, says that it cannot store data, and can buy', async () => {
    const cartLink = page.getByRole('link', { name: /^Cart/ });
    await eventually(
      () => cartLink.textContent(),
      (shown) => shown === 'Cart1 1 item',
    );
    await shopper.button('Add to cart: Premium Quality Widget').click();
    await page.getByText('Your browser does not allow this site to store data').waitFor();
    expect(await cartLink.textContent()).toBe('Cart2 2 items');
    await shopper.button('Buy now').click();
    await shopper.arrivesAtGateway();
  });
});
