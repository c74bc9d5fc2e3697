import { followOrder, type Order, type Product, store, untilAnswered } from './api';
import { finishCheckout, startCheckout } from './checkout';

const main = document.querySelector('main') as HTMLElement;
const output = document.querySelector('output') as HTMLElement;

/** The store sends shoppers to these paths: to `order` after the payment, and to `pay` from a link to a payment. */
const [, page, id = ''] = /^\/shop\/(order|pay)\/(\w+)$/.exec(location.pathname) ?? [];
if (page === 'order') void attempt(() => showOrder(id));
else if (page === 'pay') void attempt(() => openPayment(id));
else void attempt(showProducts);

async function showProducts(): Promise<void> {
  await pay();
  const products = await untilAnswered(() => store.GET('/products'), { onWait: say });
  main.replaceChildren(element('h1', 'A small shop'), ...products.map(productCard));
}

function productCard(product: Product): HTMLElement {
  const { product: name, description, price, currency, inventory, on_sale: onSale } = product;
  const buy = button(inventory > 0 && onSale ? `Buy for ${money(price, currency)}` : 'Sold out', async () => {
    startCheckout(product);
    await pay();
  });
  buy.disabled = inventory === 0 || !onSale;
  return element('article', element('h2', name), element('p', description), buy);
}

/** Goes to the payment of the stored checkout, if there is one. */
async function pay(): Promise<void> {
  const paymentId = await finishCheckout(say);
  if (paymentId !== null) location.assign(`/shop/pay/${paymentId}`);
}

async function openPayment(paymentId: string): Promise<void> {
  const params = { path: { payment_id: paymentId } };
  const answer = await untilAnswered(() => store.POST('/payment/{payment_id}/page', { params }), { onWait: say });
  // The address is null if the order can no longer be paid.
  location.replace(answer.payment_url ?? `/shop/order/${answer.order_id}`);
}

async function showOrder(orderId: string): Promise<void> {
  const params = { path: { order_id: orderId } };
  renderOrder(await untilAnswered(() => store.GET('/order/{order_id}', { params }), { onWait: say }));
  followOrder(orderId, renderOrder);
}

function renderOrder(order: Order): void {
  const lines = order.items.map(({ quantity, product }) => element('li', `${quantity} × ${product}`));
  const isOpen = order.status === 'PENDING' || order.status === 'PAID';
  main.replaceChildren(
    element('h1', `Order ${order.order_number}`),
    element('ul', ...lines),
    element('p', `Total: ${money(order.total, order.currency)}`),
    element('p', sentenceAbout(order)),
    ...(order.status === 'PENDING' && order.payment_id ? [link(`/shop/pay/${order.payment_id}`, 'Pay now')] : []),
    ...(isOpen ? [button('Cancel the order', () => cancel(order.order_id))] : []),
    link('/', 'Back to the shop'),
  );
}

async function cancel(orderId: string): Promise<void> {
  const params = { path: { order_id: orderId } };
  renderOrder(await untilAnswered(() => store.POST('/order/{order_id}/cancel', { params }), { onWait: say }));
}

function sentenceAbout({ status, payment_status: payment, progress_remaining: seconds, fulfilment }: Order): string {
  switch (status) {
    case 'PENDING':
      // The shopper can come back from the payment page before the gateway has told the store about the payment.
      return location.search === '?returned' ? 'We are waiting for your payment.' : 'This order is not paid yet.';
    case 'PAID':
      return fulfilment === 'manual' ? 'Paid. We are packing it.' : `Paid. It leaves in ${seconds} seconds.`;
    case 'DISPATCHED':
      return payment === 'refunded' ? 'Sent, and refunded.' : 'It is on its way.';
    case 'CANCELLED':
      return payment === 'refunded' ? 'Cancelled. Your money is on its way back.' : 'Cancelled.';
  }
}

/** Runs an action, and shows the reason if it fails. */
async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
    say('');
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

function say(text: string): void {
  output.textContent = text;
}

function money(amount: string, currency: string): string {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(Number(amount));
}

function button(text: string, action: () => Promise<void>): HTMLButtonElement {
  const made = element('button', text);
  made.addEventListener('click', async () => {
    // A second click must not start a second checkout.
    made.disabled = true;
    await attempt(action);
    made.disabled = false;
  });
  return made;
}

function link(href: string, text: string): HTMLElement {
  const made = element('a', text);
  made.href = href;
  return element('p', made);
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}
