import { formatCount } from '../format.js';

/** The texts of the list "Needs attention". */
export const attentionTexts = {
  attention: {
    title: 'Needs attention',
    none: 'Nothing needs attention.',
    refund_failed: (amount: string) => `A refund of ${amount} failed.`,
    dispute_open: (amount: string) => `A shopper disputes ${amount}.`,
    money_kept: (amount: string) => `After a won dispute, the store still has ${amount} of a cancelled order.`,
    keep: 'Keep the money',
    keepDialog: (amount: string, number: string) => ({
      title: `Keep ${amount} of order ${number}?`,
      consequences: ['The order needs no attention any more.', 'You can still refund it later.'],
      confirmText: 'Yes, keep it',
    }),
    kept: 'The decision is recorded.',
    stock_kept: (amount: string) =>
      `The shopper has all of ${amount} back, and the order still reserves its pieces. Cancel it.`,
    event_failed: ({ number, type, result }: { number: string; type: string; result: string }) =>
      `The receiver was not told about order ${number}. The event ${type} could not be delivered (${result}).`,
    stuck: (detail: string) => `An order is stuck. ${detail}`,
    toShip: (count: number) =>
      count === 1 ? '1 order waits to be shipped.' : `${formatCount(count)} orders wait to be shipped.`,
    showToShip: (count: number) => (count === 1 ? 'Show it' : 'Show them'),
    soldOut: (product: string) => `${product} is out of stock.`,
    units: (product: string) => `Units of ${product} received`,
    receive: (units: number | null) => (units === null ? 'Book in' : `Book in ${formatCount(units)}`),
    atLeastOne: 'Enter at least 1.',
    openOrder: (number: string) => `Open order ${number}`,
    openAnomalyOrder: 'Open the order',
    details: 'See the details',
    redeliver: 'Send again',
    redelivered: 'The store sends the event again.',
    eventsFailed: 'The receiver was not told about several changes.',
    redeliverAll: 'Send all again',
    allRedelivered: 'The store sends the events again.',
  },
} as const;
