import type { CancelReason, OrderStatus, PaymentStatus } from '@widget-store/workflows/contract';

/** Everything the shopper reads. */
export const texts = {
  storeName: 'Widget Store',
  skipToContent: 'Skip to content',
  nav: { label: 'Main', store: 'Store', orders: 'Orders' },
  footer: 'Every order here ends exactly once: dispatched, or cancelled with its stock back on the shelf.',
  loading: 'Loading…',
  away: 'The store is catching its breath, trying again…',
  awaySince: (time: string) => `The store is catching its breath, trying again… This is how things stood at ${time}.`,
  broken: 'Something went wrong in the store. Nothing was bought twice; it is safe to try again.',
  refused: (detail: string | null) => `The store did not take this${detail === null ? '.' : `: ${detail}`}`,
  tryAgain: 'Try again',
  backToStore: 'Back to the store',

  home: {
    price: 'Price',
    stock: 'In stock',
    buy: 'Buy now',
    buying: 'Ordering…',
    continueOrder: 'Continue your order',
    soldOut: 'Sold out',
    soldOutAnswer: 'Sold out: somebody else was faster. No order was placed, and nothing is to be paid.',
    resuming: 'Picking up the order you began…',
    unfinished: 'You have an unfinished order.',
    lastOrder: 'Your last order:',
    refused: (detail: string | null) => `The store did not take this order${detail === null ? '.' : `: ${detail}`}`,
    drawing: 'Drawing of a widget: a hexagonal nut with a round bore',
  },

  demo: {
    title: 'Try to break it',
    intro: 'For demonstrations. A crash ends the api and the worker at once; orders go on where they stood.',
    restock: 'Restock',
    restocking: 'Restocking…',
    restocked: 'The shelf is full again.',
    crash: 'Crash the app',
    crashing: 'Crashing…',
    crashed: 'The application was told to crash. It restarts by itself in about two seconds.',
    notAllowed: 'This store does not offer demonstrations.',
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
    total: 'Total',
    orderId: 'Order number',
    payment: 'Payment',
    refundId: 'Refund number',
    updated: 'Last update',
  },

  orders: {
    title: 'Orders',
    intro: 'All orders of this store, newest first.',
    empty: 'No orders yet.',
    order: 'Order',
    status: 'Status',
    total: 'Total',
    updated: 'Last update',
    more: 'Load more',
    loadingMore: 'Loading more…',
    notAllowed: 'Only the people who run this store can list its orders.',
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
