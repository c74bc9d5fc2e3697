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
  tryAgain: 'Try again',
  backToStore: 'Back to the store',

  home: {
    price: 'Price',
    stock: 'In stock',
    buy: 'Buy now',
    buying: 'Ordering…',
    continueOrder: 'Continue your order',
    toPayment: 'Continue to payment',
    soldOut: 'Sold out',
    soldOutAnswer: 'Sold out: somebody else was faster. No order was placed, and nothing is to be paid.',
    resuming: 'Picking up the order you began…',
    unfinished: 'You have an unfinished order.',
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

  payment: {
    title: 'Payment',
    intro: 'Your item is reserved. Pay to have it dispatched, or cancel to put it back.',
    amount: 'Amount due',
    item: (name: string) => `1 × ${name}`,
    pay: 'Pay',
    payAmount: (amount: string) => `Pay ${amount}`,
    paying: 'Paying…',
    cancel: 'Cancel the order',
    cancelling: 'Cancelling…',
    unknown: 'There is no such payment. Look at the address again: it must be complete.',
    refused: (detail: string | null) => `The store did not take this${detail === null ? '.' : `: ${detail}`}`,
    afterwards: 'Pressing twice or reloading never pays twice.',
  },

  order: {
    title: 'Your order',
    unknown: 'There is no such order. Look at the address again: it must be complete.',
    progress: 'Dispatch progress',
    progressOf: ({ done, total }: { done: number; total: number }) => `${done} of ${total} steps`,
    items: 'Items',
    item: 'Item',
    quantity: 'Quantity',
    price: 'Price',
    total: 'Total',
    orderId: 'Order number',
    payment: 'Payment',
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
  PENDING: { name: 'Awaiting payment', sentence: 'The store is waiting for the payment to be confirmed.' },
  PAID: { name: 'Paid', sentence: 'Your order is being dispatched.' },
  DISPATCHED: { name: 'Dispatched', sentence: 'Your order is on its way.' },
  CANCELLED: { name: 'Cancelled', sentence: 'This order was cancelled.' },
};

export const cancelReasonTexts: Record<CancelReason, string> = {
  sold_out: 'This order was cancelled because the item was sold out. Nothing is to be paid.',
  payment_failed: 'This order was cancelled because it was not paid. The item is back on the shelf.',
  payment_expired: 'This order was cancelled because no payment arrived in time. The item is back on the shelf.',
  cancelled: 'This order was cancelled before it was paid. The item is back on the shelf.',
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
