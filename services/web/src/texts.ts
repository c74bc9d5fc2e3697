import type { CancelReason, OrderStatus, PaymentStatus } from '@widget-store/workflows/contract';

/** Everything the shopper reads. */
export const texts = {
  storeName: 'Widget Store',
  skipToContent: 'Skip to content',
  nav: {
    label: 'Main',
    store: 'Store',
    orders: 'Your orders',
    cart: 'Cart',
    items: (count: number, shown: string) => (count === 1 ? `${shown} item` : `${shown} items`),
  },
  footer: 'Every order here ends exactly once: dispatched, or cancelled with its stock back on the shelf.',
  loading: 'Loading…',
  offline: 'You are offline. Nothing is lost: your cart and your orders are kept, and this page goes on by itself.',
  waitingForNetwork: 'Waiting for the network, trying again…',
  away: 'The store is catching its breath, trying again…',
  rateLimited: 'The store has had many requests from you just now. It goes on by itself in a moment…',
  asOf: (time: string) => `This is how things stood at ${time}.`,
  broken: 'Something went wrong in the store. Nothing was bought twice; it is safe to try again.',
  refused: (detail: string | null) => `The store did not take this${detail === null ? '.' : `: ${detail}`}`,
  tryAgain: 'Try again',
  backToStore: 'Back to the store',

  home: {
    featured: 'From our workshop',
    more: 'More widgets',
    empty: 'There is nothing on sale at the moment. Come back soon.',
    picture: (product: string) => `Drawing of the ${product}`,
    soldOut: 'Sold out',
    lastOnes: (count: string) => `Only ${count} left`,
    inStock: (count: string) => `${count} in stock`,
    add: 'Add to cart',
    inCart: ({ count, isAllIn }: { count: string; isAllIn: boolean }) =>
      isAllIn ? `All ${count} are in your cart` : `${count} in your cart`,
  },

  purchase: {
    buy: 'Buy now',
    buying: 'Ordering…',
    continueOrder: 'Continue your order',
    soldOut: 'Sold out',
    soldOutAnswer: 'Sold out: somebody else was faster. No order was placed, and nothing is to be paid.',
    resuming: 'Picking up the order you began…',
    unfinished: 'You have an unfinished order.',
    another: 'Set it aside and start another',
    setAside: 'You find it under “Your orders”. What is not paid in time is cancelled by itself.',
    refused: (detail: string | null) => `The store did not take this order${detail === null ? '.' : `: ${detail}`}`,
  },

  cart: {
    title: 'Cart',
    empty: 'Your cart is empty.',
    lines: 'What is in your cart',
    quantity: (product: string) => `Quantity of ${product}`,
    less: (product: string) => `One ${product} less`,
    more: (product: string) => `One ${product} more`,
    remove: 'Remove',
    removeOf: (product: string) => `Remove ${product}`,
    removed: (product: string) => `${product} is out of your cart.`,
    each: (price: string) => `${price} each`,
    tooMany: (count: string) => `Only ${count} left: please take less.`,
    gone: 'Sold out: please take it out.',
    unknown: 'This is not on sale any more.',
    summary: 'Summary',
    items: 'Items',
    shipping: 'Shipping',
    free: 'Free',
    total: 'Total',
    fixFirst: 'Some of this is not there in that number. Change it, and go on.',
    reserved: (duration: string) =>
      `Your items are reserved for ${duration} while you pay on the page of our payment service.`,
  },

  demo: {
    title: 'Try to break it',
    intro: 'For demonstrations. A crash ends the api and the worker at once; orders go on where they stood.',
    restock: 'Restock',
    restocking: 'Restocking…',
    restocked: 'The first shelf is full again.',
    crash: 'Crash the app',
    crashing: 'Crashing…',
    crashed: 'The application was told to crash. It restarts by itself in about two seconds.',
    notAllowed: 'This store does not offer demonstrations.',
    operations: 'Look behind the counter',
  },

  toPayment: 'Continue to payment',
  toOrder: 'See the order',

  payment: {
    title: 'Payment',
    leaving: 'Taking you to the payment page…',
    gatewayAway:
      'The payment service does not answer at the moment, trying again… Your order stays reserved meanwhile, and nothing is charged.',
    leave: 'Go to the payment page',
    unknown: 'There is no such payment. Check that the address is complete.',
    afterwards: 'You pay on the page of the payment service, which brings you back. Reloading never pays twice.',
  },

  cancelOrder: {
    ask: 'Cancel the order',
    title: 'Cancel this order?',
    unpaid: 'The item goes back on the shelf. If you have paid already, your money comes back.',
    paid: 'It is not dispatched, and your payment is refunded in full.',
    keep: 'Keep the order',
    confirm: 'Yes, cancel it',
    cancelling: 'Cancelling…',
    tooLate: 'It is too late to cancel: your order is on its way already.',
  },

  order: {
    title: 'Your order',
    unknown: 'There is no such order. Check that the address is complete.',
    confirming: 'Confirming payment',
    confirmingNow: 'We are confirming your payment. This page shows the result by itself.',
    confirmingLate: (time: string) =>
      `You need not do anything. If no word comes, the store asks the payment service itself at ${time}.`,
    heldFor: (time: string) => `Reserved for you. ${time} left to pay.`,
    heldUntil: (time: string) => `Reserved for you until ${time}.`,
    endsIn: (duration: string) => `Your reservation ends in ${duration}. Pay now to keep it.`,
    holdEnded: 'The time to pay is over. We are asking the payment service whether you have paid…',
    seePayment: 'See the payment',
    cameLate: 'Your payment went through all the same.',
    refunding: 'Your money is on its way back to you.',
    refunded: ({ amount, time }: { amount: string; time: string }) => `${amount} was refunded on ${time}.`,
    nothingCharged: 'Nothing had been charged, so there is nothing to refund.',
    ifPaid: 'If you have paid all the same, your money comes back, and this page shows it.',
    buyAgain: 'Buy again',
    progress: 'Dispatch progress',
    progressOf: ({ done, total }: { done: number; total: number }) => `${done} of ${total} steps`,
    items: 'Items',
    item: 'Item',
    quantity: 'Quantity',
    price: 'Price',
    amount: 'Amount',
    total: 'Total',
    orderId: 'Order number',
    placed: 'Placed',
    receipt: 'Receipt',
    print: 'Print the receipt',
    asOf: (time: string) => `As of ${time}`,
    unpaid: 'Order',
    payment: 'Payment',
    refundId: 'Refund number',
    updated: 'Last update',
  },

  orders: {
    title: 'Your orders',
    intro: 'The orders of this browser, newest first. They are kept here only: another browser does not know them.',
    empty: 'You have not ordered anything yet.',
    order: 'Order',
    items: 'Items',
    status: 'Status',
    total: 'Total',
    placed: 'Placed',
    more: 'Show more',
    unknown: 'This store does not know this order any more.',
  },

  notFound: { title: 'Page not found', text: 'There is nothing at this address.' },
  crashed: {
    title: 'This page failed',
    text: 'A mistake in the page stopped it. Your order is safe in the store.',
    reload: 'Reload the page',
  },
} as const;

export const orderStatusTexts: Record<OrderStatus, { name: string; sentence: string }> = {
  PENDING: { name: 'Awaiting payment', sentence: 'Your order is reserved. Pay, and it is dispatched.' },
  PAID: { name: 'Paid', sentence: 'Your order is being dispatched.' },
  DISPATCHED: { name: 'Dispatched', sentence: 'Your order is on its way.' },
  CANCELLED: { name: 'Cancelled', sentence: 'This order was cancelled.' },
};

export const cancelReasonTexts: Record<CancelReason, string> = {
  sold_out: 'This order was cancelled because the item was sold out. Nothing is to be paid.',
  payment_failed: 'This order was cancelled because the payment did not go through. The item is back on the shelf.',
  payment_expired: 'This order was cancelled because no payment arrived in time. The item is back on the shelf.',
  cancelled: 'This order was cancelled on request. The item is back on the shelf.',
};

export const paymentStatusTexts: Record<PaymentStatus, string> = {
  none: 'None asked for',
  pending: 'Not yet paid',
  paid: 'Paid',
  failed: 'Not paid',
  cancelled: 'Cancelled',
  expired: 'Expired',
  refunding: 'Being refunded',
  refunded: 'Refunded',
};
