import type { OrderRunBody, TimelineEntryBody } from '@widget-store/api';
import { formatCount } from '../format.js';

/** Every word of the operations pages. */
export const opsTexts = {
  title: 'Operations',
  orderTitle: 'Order',
  toList: 'All orders',
  token: {
    label: 'Admin token',
    missing: 'These pages are for the people who run the store. Enter the admin token.',
    wrong: 'This is not the admin token.',
    use: 'Use this token',
    forget: 'Forget the token',
  },
  search: {
    label: 'Order id, payment id or idempotency key',
    button: 'Search',
    all: 'All',
    statuses: (newest: number | null) =>
      newest === null ? 'Orders by status' : `Orders by status; finished ones among the newest ${formatCount(newest)}`,
    none: 'No matching orders.',
    more: 'Load more',
    loadingMore: 'Loading more…',
  },
  table: { order: 'Order', key: 'Key', status: 'Status', payment: 'Payment', total: 'Total', created: 'Placed' },
  order: {
    facts: 'Facts',
    key: 'Idempotency key',
    payment: 'Payment',
    paymentId: 'Payment id',
    reason: 'Cancelled because of',
    refund: 'Refund',
    runs: 'Runs in Temporal',
    timeline: 'Timeline',
    time: 'Time (UTC)',
    source: 'Source',
    what: 'What happened',
    shop: "The shopper's page",
    unknown: 'There is no such order.',
  },
  actions: {
    title: 'Actions',
    cancel: 'Cancel the order',
    sureToCancel: {
      title: 'Cancel this order?',
      consequence: 'Its stock goes back on the shelf, and what was paid is refunded in full. It cannot be undone.',
      yes: 'Yes, cancel it',
    },
    no: 'No, leave it as it is',
    cancelled: 'The order is cancelled.',
    refund: 'Refund what the gateway keeps',
    sureToRefund: {
      title: 'Refund this payment?',
      consequence: 'Whatever the gateway still keeps of it goes back to the shopper. It cannot be undone.',
      yes: 'Yes, refund it',
    },
    refunded: 'The refund is under way.',
    restock: 'Restock',
    restocked: '100 of the default product are available again.',
    crashApi: 'Crash the api',
    crashWorker: 'Crash the worker',
    crashed: 'It is gone; its supervisor brings it back.',
    working: 'Working…',
    noAnswer: 'No answer came. It may have been done all the same, and it is safe to press again.',
  },
  anomalies: {
    title: "The reconciler's anomalies",
    never: 'The reconciler has not finished a run yet.',
    none: 'No anomalies.',
    notCompared: (comparisons: string[]) => `Not compared in the last run: ${comparisons.join(', ')}.`,
    checked: 'Last checked:',
    run: 'its run in Temporal',
    repair: (action: string) => `repair: ${action}`,
    decide: 'a person has to decide',
    more: (shown: number, found: number) => `${shown} of ${found} are shown.`,
  },
} as const;

export const runStateTexts: Record<OrderRunBody['state'], string> = {
  open: 'open',
  completed: 'completed',
  failed: 'failed or ended from outside',
  not_found: 'not there: Temporal has forgotten it, or it never was',
  unavailable: 'Temporal does not answer: what this run did is missing below',
};

export const sourceTexts: Record<TimelineEntryBody['source'], string> = {
  order: 'Order',
  stock: 'Stock',
  payment: 'Payment',
  workflow: 'Workflow',
};
