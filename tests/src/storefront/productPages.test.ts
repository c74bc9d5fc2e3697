import { defaultDrawing, drawingPaths } from '@widget-store/contract';
import { json, newKey } from '../support/http/shopper';
import { stockOf } from '../support/store/database';
import { expectAccessible, phone } from './expectAccessible';
import { inStorefront } from './setup';

/** No server has this name, so a picture with this origin never loads. */
const imageOrigin = 'https://pictures.invalid';

describe('the pages about products', () => {
  const open = inStorefront({ demo: false, extraEnvironment: { api: { IMAGE_ORIGINS: imageOrigin } } });

  it('create a product, book its stock and show the change of another operator', async () => {
    const { page, store } = open;
    const button = (name: string) => page.getByRole('button', { name });
    const buyTwo = () =>
      fetch(`${store.apiUrl}/checkout/${newKey()}`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ items: [{ product_id: 7, quantity: 2 }] }),
      });
    const shop = await page.context().newPage();
    await shop.goto('/');
    await shop.getByRole('heading', { name: 'Pocket Widget' }).waitFor();

    await page.goto('/ops/catalogue');
    await page.getByLabel('Admin token').fill(store.adminToken);
    await button('Use this token').click();
    await page.getByRole('link', { name: 'Pocket Widget' }).waitFor();
    await expectAccessible(page, 'ops-products', phone);
    await page.getByText('Stock books of all products').click();
    await page.getByLabel('Booked from').fill('2026-01-01');
    const download = page.waitForEvent('download');
    await button('Download as CSV').click();
    expect((await download).suggestedFilename()).toMatch(/^stock-[\d-]{10}\.csv$/);
    const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
    expect(await links.allTextContents()).toEqual(['Orders', 'Products', 'View the shop']);
    await page.setViewportSize(phone);
    const heights = await links.evaluateAll((all) => all.map((link) => link.getBoundingClientRect().height));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    // A tap anywhere in the row opens the product.
    const row = page.getByRole('listitem').filter({ hasText: 'Pocket Widget' });
    const { width = 0 } = (await row.boundingBox()) ?? {};
    expect(width).toBeGreaterThan(300);
    await row.click({ position: { x: width - 5, y: 5 } });
    await page.getByRole('heading', { name: 'Pocket Widget' }).waitFor();
    await page.getByRole('link', { name: 'Products' }).click();
    await page.getByRole('link', { name: 'New product' }).click();
    await button('Create product').waitFor();
    expect(await page.getByText('Enter a').count()).toBe(0);
    await page.getByLabel('Name', { exact: true }).fill('Tea Widget');
    const currency = page.getByLabel('Currency');
    await currency.selectOption('JPY · Japanese Yen');
    await page.getByLabel('Price in JPY').waitFor();
    await currency.selectOption('USD · US Dollar');
    await page.getByLabel('Price in USD').fill('$25');
    await button('Create product').click();
    await page.getByText('Enter the price without a currency sign, such as 18.50.').waitFor();
    await page.getByLabel('Price in USD').fill('25.00');
    // The names are words, such as "Care kit".
    await page
      .getByRole('radio', { name: /^[A-Z][^A-Z./]*$/ })
      .last()
      .check();
    await page.locator(`.ops-preview img[src="${drawingPaths.at(-1)}"]`).waitFor();
    await page.getByText(`The address must begin with ${imageOrigin}.`).waitFor();
    const address = page.getByLabel('Address of another picture');
    await address.fill('https://elsewhere.example/tea.jpg');
    // The error of the address must not move the button during the press, which begins when the field is left.
    await button('Create product').hover();
    await page.mouse.down();
    await page.waitForFunction(() => document.activeElement?.textContent === 'Create product');
    expect(await page.getByText('IMAGE_ORIGINS=').count()).toBe(0);
    await page.mouse.up();
    await page.getByText(/^Pictures at https:\/\/elsewhere\.example are not allowed yet/).waitFor();
    const refusal = page.getByRole('alert').filter({ hasText: 'image_url' });
    await refusal.waitFor();
    await address.fill(`${imageOrigin}/tea.jpg`);
    await page.getByText('IMAGE_ORIGINS=').waitFor({ state: 'detached' });
    await refusal.waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await page.getByText('This picture does not load. Shoppers see the drawing.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Tea Widget' }).waitFor();

    // The open shop shows the product without a reload. The product's picture does not load, so the shop
    // shows a drawing.
    await shop.getByRole('heading', { name: 'Tea Widget' }).waitFor();
    await shop.locator(`img[alt*="Tea Widget"][src="${defaultDrawing}"]`).waitFor();

    await page.getByText('Tea Widget is created. Book its first pieces below.').waitFor();
    const book = button('Book').and(page.locator('[aria-describedby]'));
    expect(await book.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('spinbutton', { name: 'Units' }).fill('10');
    await page.getByLabel('Note').fill('Delivery 7');
    await button('Book').click();
    await page.getByText('Received: Delivery 7').waitFor();
    await expectAccessible(page, 'ops-product', phone);
    expect(await stockOf(store.sql, 7)).toEqual({ inventory: 10, movements: 10 });
    await shop.getByRole('button', { name: 'Add to cart: Tea Widget' }).waitFor();

    await page.getByText('10 in stock', { exact: true }).waitFor();
    await page.getByLabel('Reason').selectOption('counted');
    const counted = page.getByRole('spinbutton', { name: 'Units counted' });
    await counted.fill('10');
    await page.getByText('10 counted, 10 in the book: no difference.').waitFor();
    await counted.fill('12');
    await page.getByText('12 counted, 10 in the book: adds 2.').waitFor();
    await page.getByText('Not booked yet.').waitFor();
    await expectAccessible(page, 'ops-product', phone);
    await button('Book').click();
    await page.getByText('The stock is booked.').waitFor();
    expect(await stockOf(store.sql, 7)).toEqual({ inventory: 12, movements: 12 });

    await buyTwo();
    await page.getByText('10 in stock', { exact: true }).waitFor();
    await page.getByText('2 in orders not yet shipped', { exact: true }).waitFor();

    const other = await fetch(`${store.apiUrl}/products/7`, {
      method: 'PATCH',
      headers: { ...json, Authorization: `Bearer ${store.adminToken}` },
      body: '{"price_minor":3000}',
    });
    expect(other.status).toBe(200);
    await page.getByLabel('On sale').uncheck();
    await button('Save').click();
    await page.getByText(/Somebody has changed the product/).waitFor();
    const asked = page.waitForEvent('dialog').then((dialog) => dialog.dismiss());
    await page.getByRole('link', { name: 'Products' }).click();
    await asked;
    await page.getByText('Not saved yet.').waitFor();
    await button('Load again').click();
    await page.locator('input[value="30.00"]').waitFor();
    const price = page.getByLabel('Price in USD');
    await price.fill('3.00');
    await button('Save').click();
    const question = page.getByRole('dialog', { name: 'Change the price from $30.00 to $3.00?' });
    await question.waitFor();
    await question.getByRole('button', { name: 'No, go back' }).click();
    await price.fill('12.00');
    await page.getByLabel('On sale').uncheck();
    await button('Save').click();
    await button('Yes, change the price').click();
    const saved = page.getByText('The product is saved.');
    await saved.waitFor();
    await page.getByLabel('Description').fill('Keeps a cup warm.');
    await saved.waitFor({ state: 'detached' });
    await shop.getByRole('heading', { name: 'Tea Widget' }).waitFor({ state: 'detached' });
    expect((await buyTwo()).status).toBe(409);
  });
});
