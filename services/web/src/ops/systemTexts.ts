/** The texts about the system itself: its automatic checks, and the tools for demonstrations. */
export const systemTexts = {
  anomalies: {
    title: 'Automatic checks',
    never: 'The checks have not run yet.',
    none: 'The checks found nothing.',
    notCompared: (comparisons: string[]) => `Not checked the last time: ${comparisons.join(', ')}.`,
    checked: 'Last checked:',
    run: 'run in Temporal',
    repair: (action: string) => `repair: ${action}`,
    decide: 'an operator must decide',
    more: (shown: number, found: number) => `Showing ${shown} of ${found}.`,
  },
  demonstration: {
    title: 'Demonstration',
    restock: (product: string) => `Restock ${product}`,
    restockDialog: (product: string) => ({
      title: `Set the stock of ${product} to 100?`,
      consequences: ['The stock book records the difference. Units that are reserved for orders stay reserved.'],
      confirmText: 'Yes, set it to 100',
    }),
    restocked: '100 units of the default product are available.',
    crashApi: 'Crash the api',
    crashWorker: 'Crash the worker',
    crashed: 'The process crashed. Its supervisor restarts it.',
  },
} as const;
