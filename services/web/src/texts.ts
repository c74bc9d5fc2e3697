import { type CancelReason, type OrderStatus, type RefundStatus, storeName } from '@widget-store/contract';

export const texts = {
  storeName,
  skipToContent: 'Skip to content',
  nav: {
    label: 'Main',
    store: 'Store',
    orders: 'Your orders',
    cart: 'Cart',
    opsOrders: 'Orders',
    opsProducts: 'Products',
    viewShop: 'View the shop',
    items: (count: number, formatted: string) => (count === 1 ? `${formatted} item` : `${formatted} items`),
  },
  footer: 'Every order ends exactly once: shipped, or cancelled with its items back in stock.',
  loading: 'Loading…',
  offline: 'You are offline. Your cart and your orders are safe. This page continues when you are back online.',
  storageRefused:
    'Your browser does not allow this site to store data, or its storage is full. Your cart and your list of orders last until you close or reload this page.',
  waitingForNetwork: 'No network. Trying again…',
  unavailable: 'The store does not answer. Trying again…',
  busy: 'Somebody is changing a product of this order. Nothing is lost. Trying again…',
  rateLimited: 'You have sent too many requests. This page tries again in a moment…',
  lastUpdated: (time: string) => `Last updated at ${time}.`,
  unexpected: 'Something went wrong. It is safe to try again: you are never charged twice.',
  refused: (detail: string | null) => `The store refused this request${detail === null ? '.' : `: ${detail}`}`,
  tryAgain: 'Try again',
  backToStore: 'Back to the store',

  home: {
    featured: 'Featured',
    more: 'More widgets',
    pages: 'Pages of the catalogue',
    firstPage: 'First page',
    previousPage: 'Previous page',
    nextPage: 'Next page',
    empty: 'No products are on sale right now. Please come back soon.',
    picture: (product: string) => `Drawing of the ${product}`,
    soldOut: 'Sold out',
    lowStock: (count: string) => `Only ${count} left`,
    inStock: (count: string) => `${count} in stock`,
    add: 'Add to cart',
    viewCart: (count: string) => `View cart (${count})`,
    inCart: (count: string) => `${count} in your cart`,
    allInCart: (count: string) => `All ${count} are in your cart`,
    maxInCart: (count: string) => `${count} in your cart, the maximum per order`,
    cartFull: (count: string) => `Your cart has ${count} different products, the maximum per order.`,
    tooManyInCart: (count: string) => `${count} in your cart, more than in stock`,
  },

  purchase: {
    buy: 'Buy now',
    buying: 'Ordering…',
    toPaymentOf: (total: string) => `Continue to payment · ${total}`,
    acceptTotal: (total: string) => `Accept the new total · ${total}`,
    totalChanged: 'The total has changed. Nothing was ordered, and you are not charged.',
    priceChanged: ({ name, from, to }: { name: string; from: string; to: string }) =>
      `${name} costs ${to} instead of ${from}.`,
    newTotal: ({ from, to }: { from: string; to: string }) => `The new total is ${to} instead of ${from}.`,
    pricePart: ({ label, amount }: { label: string; amount: string }) => `${label}: ${amount}.`,
    continueOrder: 'Continue your order',
    soldOut: 'Sold out',
    soldOutAnswer: 'Sold out: another shopper was faster. There is nothing to pay.',
    resuming: 'Continuing the order you started…',
    unfinished: 'You have an unfinished order.',
    payWithin: ({ amount, left }: { amount: string; left: string }) => `Pay ${amount}, ${left} left`,
    payUntil: ({ amount, time }: { amount: string; time: string }) => `Pay ${amount} until ${time}`,
    started: (items: string) => `You started this order: ${items}.`,
    abandonUnanswered:
      'You do not pay for this order. If the store has received it, the store cancels it when its reservation ends.',
    startNew: 'Start a new order',
    abandonUnpaid: 'This order stays under “Your orders”. The store cancels it if you do not pay in time.',
    refused: (detail: string | null) => `The store refused this order${detail === null ? '.' : `: ${detail}`}`,
  },

  cart: {
    title: 'Cart',
    empty: 'Your cart is empty.',
    lines: 'Items in your cart',
    quantity: (product: string) => `Quantity of ${product}`,
    removeOne: (product: string) => `Remove one ${product}`,
    addOne: (product: string) => `Add one ${product}`,
    remove: 'Remove',
    removeOf: (product: string) => `Remove ${product}`,
    removed: (product: string) => `${product} was removed from your cart.`,
    each: (price: string) => `${price} each`,
    priceChanged: (price: string) => `The price has changed. It was ${price} before.`,
    tooMany: (count: string) => `Only ${count} left. Please reduce the quantity.`,
    soldOut: 'Sold out. Please remove it.',
    notOnSale: 'No longer on sale. It is not part of your order.',
    unknownName: (productId: string) => `Product ${productId}`,
    summary: 'Summary',
    items: 'Items',
    total: 'Total',
    fixFirst:
      'The shop has fewer units of some items than your cart. Reduce their quantity or remove them to continue.',
    oneCurrency: (currencies: string[]) =>
      `The prices are in ${currencies.join(' and ')}. An order can have only one currency. Remove the other items, and order them afterwards.`,
    reserved: (duration: string) =>
      `We reserve your items for ${duration} while you pay on the page of our payment service.`,
  },

  demo: {
    title: 'Try to break it',
    intro:
      'For demonstrations. A crash stops the api and the worker at once. After the restart, orders continue where they stopped.',
    restock: 'Restock',
    restocking: 'Restocking…',
    restocked: '100 units of the first product are in stock.',
    crash: 'Crash the app',
    crashing: 'Crashing…',
    crashed: 'The application crashed. It restarts in about two seconds.',
    notAllowed: 'This store is not in demo mode.',
    operations: 'Open the operations page',
  },

  toPayment: 'Continue to payment',
  toOrder: 'See or cancel the order',

  payment: {
    title: 'Payment',
    redirecting: 'Taking you to the payment page…',
    gatewayUnavailable:
      'The payment service does not answer. Trying again… Your items stay reserved, and you are not charged.',
    link: 'Go to the payment page',
    unknown: 'Payment not found. Check the address.',
    refused:
      'The payment service refuses this payment. You are not charged. The order is under “Your orders”, where you can cancel it.',
    explanation:
      'You pay on the page of our payment service. It brings you back here afterwards. Reloading this page never pays twice.',
  },

  cancelOrder: {
    button: 'Cancel the order',
    title: 'Cancel this order?',
    unpaid: ['Its items go back into stock.', 'If you have already paid, we refund you.'],
    paid: ['We do not ship it, and we refund your payment in full.'],
    dismiss: 'Keep the order',
    close: 'Close (the cancellation continues)',
    confirm: 'Yes, cancel it',
    cancelling: 'Cancelling…',
    tooLate: 'It is too late to cancel. Your order is already on its way.',
  },

  order: {
    shipTo: 'Ships to',
    email: 'E-mail',
    title: 'Your order',
    headings: {
      pending: 'Waiting for your payment',
      confirming: 'Confirming your payment',
      confirmed: 'Order confirmed',
      shipped: 'Order shipped',
      refunded: 'Order refunded',
      cancelled: 'Order cancelled',
      cancelledAndRefunded: 'Order cancelled and refunded',
    },
    pay: (amount: string) => `Pay ${amount}`,
    copyLink: 'Copy the link to this order',
    keepLink:
      'Only this browser lists your order. The link opens it in any other browser. Anybody who has the link can see the order.',
    linkCopied: 'The link is copied.',
    linkNotCopied: (address: string) => `Your browser does not allow copying. The link is ${address}`,
    unknown: 'Order not found. Check the address.',
    confirming: 'Confirming payment',
    confirmingNow: 'We are confirming your payment. This page updates automatically.',
    confirmingLate: (time: string) =>
      `You do not need to do anything. If no confirmation arrives, the store asks the payment service. It usually asks within two minutes, and at ${time} at the latest.`,
    heldFor: (time: string) => `Reserved for you. ${time} left to pay.`,
    heldUntil: (time: string) => `Reserved for you until ${time}.`,
    endsIn: (duration: string) => `Your reservation ends in ${duration}. Pay now to keep it.`,
    holdEnded: 'Your reservation has ended. We are asking the payment service whether you paid…',
    seePayment: 'See the payment',
    paidLate: 'Your payment arrived later.',
    refunding: (amount: string) => `Your refund of ${amount} is on its way.`,
    refundFailed: (amount: string) =>
      `Your refund of ${amount} failed, so you have not received this money. The store has been informed.`,
    refunded: ({ amount, time }: { amount: string; time: string }) => `${amount} was refunded on ${time}.`,
    refundedInParts: ({ amount, parts }: { amount: string; parts: number }) =>
      `${amount} was refunded in ${parts} parts.`,
    notCharged: 'You were not charged.',
    notReceived: 'We have received no payment.',
    ifPaid: 'If a payment still arrives, we refund it, and this page shows the refund.',
    buyAgain: 'Buy again',
    packing: 'We are packing your order. This page changes when it is on its way.',
    nothingToShip: 'Nothing of this order is left to ship.',
    shippedWith: (carrier: string) => `Shipped with ${carrier}.`,
    track: 'Track your parcel',
    shipped: 'Shipped',
    progress: 'Shipping progress',
    progressOf: ({ done, total }: { done: number; total: number }) => `${done} of ${total} steps`,
    items: 'Items',
    item: 'Item',
    quantity: 'Quantity',
    price: 'Price',
    amount: 'Amount',
    total: 'Total',
    orderNumber: 'Order number',
    orderId: 'Order id',
    placed: 'Placed',
    receipt: 'Receipt',
    print: 'Print the receipt',
    asOf: (time: string) => `As of ${time}`,
    unpaid: 'Order',
    payment: 'Payment',
    refundId: 'Refund number',
    refundedOn: (time: string) => `Refunded on ${time}`,
    refundPendingSince: (time: string) => `Refund on its way since ${time}`,
    refundFailedOn: ({ amount, time }: { amount: string; time: string }) => `Refund of ${amount} failed on ${time}`,
    updated: 'Last update',
  },

  orders: {
    title: 'Your orders',
    intro: 'Orders placed in this browser, newest first. Other browsers do not show them.',
    empty: 'You have not ordered anything yet.',
    more: 'Show more',
    unknown: 'The store no longer has this order.',
  },

  notFound: { title: 'Page not found', text: 'There is nothing at this address.' },
  errorPage: {
    title: 'This page failed',
    text: 'An error stopped this page. Your order is safe in the store.',
    reload: 'Reload the page',
  },
} as const;

/** What the status of an order means for the shopper. */
export const orderStatusSentences: Record<OrderStatus, string> = {
  PENDING: 'Your order is reserved. We ship it after you pay.',
  PAID: 'Your order is being shipped.',
  DISPATCHED: 'Your order is on its way.',
  CANCELLED: 'This order was cancelled.',
};

export const cancelReasonTexts: Record<CancelReason, string> = {
  sold_out: 'This order was cancelled because some of its items were out of stock. There is nothing to pay.',
  payment_failed: 'This order was cancelled because the payment did not go through. Its items are back in stock.',
  payment_expired: 'This order was cancelled because no payment arrived in time. Its items are back in stock.',
  cancelled: 'This order was cancelled before it was shipped. Its items are back in stock.',
};

export const refundStatusTexts: Record<RefundStatus, string> = {
  pending: 'Pending',
  succeeded: 'Completed',
  failed: 'Failed',
};
