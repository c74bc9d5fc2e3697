import type { OrderRunBody } from '@widget-store/api';
import type { DisputeStatus, RefundSource, RefundStatus } from '@widget-store/contract';
import { formatCount } from '../format.js';
import { attentionTexts } from './attentionTexts.js';
import { productTexts } from './productTexts.js';
import { systemTexts } from './systemTexts.js';

interface FoundOrders {
  count: number;
  hasMore: boolean;
  toShip: boolean;
  /** Whether the operator searches for a text. */
  isSearched: boolean;
  /** Whether the search for the text covers only the orders of a status, of some days, or to ship. */
  isFiltered: boolean;
}

interface Cancellation {
  /** What is left to refund; null if nothing is left. */
  refund: string | null;
  /** Whether some pieces of the order are not back in stock. */
  holdsStock: boolean;
}

const noUndo = 'This cannot be undone.';

export const opsTexts = {
  title: 'Operations',
  orderTitle: 'Order',
  toList: 'Back to the orders',
  fileSaved: (name: string) => `${name} is saved.`,
  token: {
    label: 'Admin token',
    missing: 'These pages are for operators. Enter the admin token.',
    wrong: 'Wrong admin token.',
    use: 'Use this token',
    forget: 'Forget the token',
  },
  operator: {
    signedIn: (name: string) => `Signed in as ${name}.`,
    readOnly: 'Your admin token allows reading only.',
  },
  ...productTexts,
  ...systemTexts,
  times: (zone: string) => `All times are in the time zone ${zone}.`,
  search: {
    label: 'Number, buyer, e-mail or id',
    button: 'Search',
    all: 'All',
    toShip: 'To ship',
    statuses: (newest: number | null) =>
      newest === null
        ? 'Orders by status'
        : `Orders by status. Finished orders are counted only among the newest ${formatCount(newest)} orders.`,
    more: 'Load more',
    loadingMore: 'Loading more…',
    today: 'Today',
    days: 'Days',
    from: 'Placed from',
    to: 'Placed until',
    file: 'Download as CSV',
  },
  orders: {
    title: 'Orders',
    columns: { order: 'Order', items: 'Items', buyer: 'Buyer', state: 'State', total: 'Total', age: 'Age' },
    found: ({ count, hasMore, toShip, isSearched, isFiltered }: FoundOrders) => {
      if (count === 0) {
        if (isFiltered) return 'No matching orders among those chosen above.';
        return isSearched
          ? 'No matching orders. The search compares whole words of a name, and does not look at products.'
          : 'No matching orders.';
      }
      const orders = `${formatCount(count)} ${count === 1 ? 'order' : 'orders'} ${toShip ? 'to ship' : 'found'}`;
      return hasMore ? `The first ${orders}` : orders;
    },
    disputed: 'Disputed',
    age: (duration: string) => `${duration} ago`,
  },
  order: {
    summary: 'Summary',
    returned: (count: number) => `${formatCount(count)} returned to stock`,
    placed: 'Placed',
    next: {
      refundFailed: 'A refund has failed. Make it again, or pay the shopper another way.',
      refundDue: 'Do not ship: the refund of the whole payment has failed. Settle this refund first.',
      disputeLost: (amount: string) => `Do not ship: the bank has taken this money (${amount}).`,
      disputeUndecided: 'Do not ship until the dispute is decided.',
      partRefunded: (amount: string) =>
        `A part of the payment (${amount}) is refunded. Read the refund's reason below before you pack.`,
      disputeOpen: 'The shopper disputes the payment. Answer the dispute at the gateway.',
      pay: (until: string) => `The store has received no payment yet. The shopper can pay until ${until}.`,
      ship: 'Pack the parcel, and then mark the order as shipped.',
      shipRest: 'Pack the parcel without the pieces that are back in stock, and then mark the order as shipped.',
      /** @param left what is left to refund; null if nothing is left */
      allReturned: (left: string | null) =>
        left === null
          ? 'All pieces are back in stock. There is nothing left to ship.'
          : `All pieces are back in stock. There is nothing left to ship. To refund the remaining ${left} too, cancel the order.`,
      allRefunded: 'The shopper has all of the payment back. Cancel the order.',
      dispatch: 'The store ships this order by itself.',
      done: (carrier: string | null) =>
        carrier === null ? 'The order is shipped.' : `The order is shipped with ${carrier}.`,
    },
    money: 'Money',
    toRefund: 'Refund',
    payment: 'Payment',
    captured: 'Received',
    lostPayment: (payment: string, amount: string) => `${payment}, but ${amount} is lost in a dispute`,
    refunded: 'Refunded',
    refundPending: 'Refund pending',
    paidAnotherWay: 'Paid another way',
    disputed: 'Disputed',
    timeline: 'Timeline',
    by: (operator: string) => `by ${operator}`,
    technical: 'Technical details',
    orderId: 'Order id',
    key: 'Idempotency key',
    paymentId: 'Payment id',
    runs: 'Runs in Temporal',
    workflowEvents: 'Events of the runs',
    shop: "The shopper's order page",
    dashboard: "The payment in the sandbox gateway's dashboard",
    unknown: 'Order not found.',
  },
  buyer: {
    title: 'Buyer',
    name: 'Name',
    email: 'E-mail',
    phone: 'Phone',
    address: 'Address',
    copyAddress: 'Copy the address',
    addressCopied: 'The address is copied.',
    addressNotCopied: 'Your browser does not allow copying. Select the address above.',
    erased: 'Erased at',
    erase: 'Erase the buyer',
    eraseDialog: {
      title: 'Erase this buyer?',
      notSent: 'The order is not shipped yet. Without the address, you cannot send it.',
      consequences: ['The name, the e-mail, the phone number and the address are removed. The order stays.', noUndo],
      confirmText: 'Yes, erase the buyer',
    },
    done: 'The buyer is erased.',
  },
  actions: {
    cancel: 'Cancel the order',
    cancelDialog: ({ refund, holdsStock }: Cancellation) => ({
      title: 'Cancel this order?',
      consequences: [
        ...(holdsStock ? ['Its stock is released.'] : []),
        ...(refund === null ? [] : [`${refund} is refunded.`]),
        noUndo,
      ],
      confirmText: 'Yes, cancel it',
    }),
    shippedOnlyRefund: 'A shipped order can only be refunded.',
    impossible: {
      refundable: 'This order is cancelled. It cannot be shipped or cancelled.',
      notRefundable: 'This order is cancelled. It cannot be shipped, cancelled or refunded.',
    },
    dismiss: 'No, go back',
    cancelled: 'The order is cancelled.',
    received: 'The units are in stock.',
    working: 'Working…',
    noAnswer: 'No answer arrived. It is possible that the action has succeeded. It is safe to try again.',
    unanswered: {
      recorded: 'Your refund is recorded and will be made when the store is back.',
      nothingDone: 'Nothing was done. Press again when the store is back.',
      nothingChanged: 'The order has not changed yet. If it does not change, press again when the store is back.',
      unknown: 'The store does not answer. When it is back, this page shows whether the action is recorded.',
    },
  },
  refund: {
    title: 'Refund',
    quantity: (product: string, left: number) =>
      `Pieces that come back into stock: ${product} (at most ${formatCount(left)})`,
    amount: (left: string) => `Amount (at most ${left})`,
    reason: 'Reason (shoppers do not see it)',
    fillIn: (left: string) => `Fill in all: ${left}`,
    button: 'Refund the payment',
    buttonOf: (amount: string) => `Refund ${amount}`,
    question: ({ amount, paid, number }: { amount: string; paid: string; number: string }) =>
      `Refund ${amount} of ${paid} for order ${number}?`,
    units: (product: string, count: number) => `${formatCount(count)} × ${product}`,
    consequences: (amount: string, restocked: string[]) => [
      `The gateway refunds ${amount}.`,
      restocked.length === 0 ? 'Nothing goes back into stock.' : `Back into stock: ${restocked.join(', ')}.`,
      noUndo,
    ],
    confirm: 'Yes, refund it',
    impossible:
      'Enter an amount above 0 and at most what is left to refund, and no more pieces than can come back into stock.',
    nothingPaid: 'The store has received no payment.',
    nothingLeft: 'Nothing is left to refund.',
    nothingLeftAfter: (disputed: string) =>
      `Nothing is left to refund. Disputes hold or have taken ${disputed} of the payment.`,
    started: 'The refund has started.',
    succeeded: 'The refund is made.',
    failed: 'The refund has failed. The list of refunds says what you can do.',
    refunds: 'Refunds',
    askedBy: (source: string) => `asked for by ${source}`,
    run: 'run in Temporal',
    again: 'Refund again',
    outside: 'Paid another way',
    outsideNote: 'How (optional, shoppers do not see it)',
    outsideDialog: (amount: string, number: string) => ({
      title: `Has the shopper of order ${number} received ${amount} another way?`,
      consequences: [
        `The store records that the shopper has received ${amount} outside the gateway. The shopper sees this.`,
        'You can then no longer refund this amount here.',
        noUndo,
      ],
      confirmText: `Yes, ${amount} was paid`,
    }),
  },
  returns: {
    title: 'Book returned pieces without refunding',
    pieces: (product: string, left: number) => `Pieces that came back: ${product} (at most ${formatCount(left)})`,
    reason: 'Note (shoppers do not see it)',
    button: 'Book back into stock',
    dialog: (pieces: string[]) => ({
      title: 'Book these pieces back into stock?',
      consequences: [`Back into stock: ${pieces.join(', ')}.`, 'No money is refunded.', noUndo],
      confirmText: 'Yes, book them in',
    }),
    impossible: 'Enter at least one piece, and no more than can come back.',
    done: 'The pieces are back in stock.',
  },
  ship: {
    title: 'Ship',
    automatic: 'The store ships this order by itself.',
    shippedAutomatically: 'The store has shipped this order by itself.',
    notPaid: 'The order is not paid yet.',
    parcel: 'Parcel',
    facts: { shippedAt: 'Shipped', carrier: 'Carrier' },
    track: 'Track the parcel',
    allReturned: 'All pieces are back in stock.',
    refunded: 'The shopper has all of the payment back. Cancel the order instead.',
    lost: 'The shopper has all of the payment back after a lost dispute. Cancel the order instead.',
    noAddress: 'No address',
    carrier: 'Carrier and number (optional)',
    trackingUrl: 'Tracking link (optional)',
    button: 'Mark as shipped',
    question: 'Has the parcel left?',
    subject: (number: string, buyer: string | null) =>
      buyer === null ? `Order ${number}.` : `Order ${number} for ${buyer}.`,
    parcelFacts: (carrier: string | null, link: string | null) => [
      `Carrier: ${carrier ?? 'none'}`,
      `Tracking link: ${link ?? 'none'}`,
    ],
    consequences: ['The shopper sees that the order is on its way, and can no longer cancel it.', noUndo],
    confirm: 'Yes, it has left',
    notHttps: 'The link must begin with https://.',
    shipped: 'The order is marked as shipped.',
    next: (number: string) => `Next order to ship: ${number}`,
    noNext: 'No other order waits to be shipped.',
    cancelledMeanwhile: 'Not shipped: the order was cancelled meanwhile. Stop the parcel.',
    close: 'Close this message',
    correct: 'Correct the shipment',
    save: 'Save the correction',
    corrected: 'The shipment is corrected.',
  },
  slip: {
    title: 'Packing slip',
    titleOf: (number: string) => `Packing slip of order ${number}`,
    print: 'Print the packing slip',
    from: (store: string) => `From ${store}`,
    dates: (ordered: string, printed: string) => `Ordered on ${ordered}, printed on ${printed}`,
    toOrder: 'Back to the order',
    cancelled: 'Do not pack it: the order is cancelled.',
  },
  ...attentionTexts,
  dispute: {
    title: 'Disputes',
    reason: (reason: string) => `reason: ${reason.replaceAll('_', ' ')}`,
  },
} as const;

export const refundSourceTexts: Record<RefundSource, string> = {
  operator: 'an operator',
  cancellation: 'the cancellation',
  late_payment: 'the store, because the payment came after the cancellation',
  gateway: "somebody in the gateway's dashboard",
};

/** Why a failed refund no longer needs an operator. */
export const settlementTexts = {
  replaced: 'Another refund replaces it.',
  outside: 'The shopper was paid another way.',
  gateway: 'Nothing was left to refund after other refunds or disputes at the gateway.',
};

export const disputeStatusSentences: Record<DisputeStatus, string> = {
  open: "The shopper's bank holds this money. Answer the dispute at the gateway.",
  won: 'The money is back.',
  lost: 'The store has lost this money.',
};

export const refundStatusTexts: Record<RefundStatus, string> = {
  pending: 'Pending',
  succeeded: 'Completed',
  failed: 'Failed',
};

export const runStateTexts: Record<OrderRunBody['state'], string> = {
  open: 'open',
  completed: 'completed',
  failed: 'failed, timed out, terminated or cancelled',
  not_found: 'not found: deleted after its retention period, or never started',
  unavailable: 'unavailable: Temporal does not answer, so the timeline lacks the events of this run',
};
