import { formatCount } from '../format.js';

/** The texts of the pages about products and their stock. */
export const productTexts = {
  products: {
    title: 'Products',
    add: 'New product',
    none: 'There are no products yet.',
    hidden: 'Not on sale',
    units: (count: number) => (count === 1 ? '1 unit' : `${formatCount(count)} units`),
    edit: 'Edit',
    name: 'Name',
    description: 'Description',
    price: (currency: string) => `Price in ${currency}`,
    currency: 'Currency',
    image: 'Picture (https address or a drawing; empty for the default drawing)',
    onSale: 'On sale',
    save: 'Save',
    create: 'Create product',
    saved: 'The product is saved. Open shops show the change within two seconds.',
    unsaved: 'Not saved yet.',
    leave: 'This page has entries that are not saved. Leave the page, and lose them?',
    reload: 'Load again',
    impossible: 'Nothing is saved. Correct the marked fields.',
    errors: {
      name: 'Enter a name.',
      currency: 'Enter a currency code of three letters, such as USD or EUR.',
      noPrice: (example: string) => `Enter a price, such as ${example}.`,
      notNumber: (example: string) => `Enter the price without a currency sign, such as ${example}.`,
      decimals: (count: number) =>
        count === 0
          ? 'Enter the price without decimals, and without signs between thousands.'
          : `Enter at most ${count} decimals, and no sign between thousands.`,
      thousands: (example: string) => `Enter the price without spaces or signs between thousands, such as ${example}.`,
      tooHigh: 'The price is too high.',
      zero: 'Enter a price above 0.',
    },
  },
  stock: {
    title: 'Book stock',
    reason: 'Reason',
    reasons: {
      received: 'Received: adds units',
      written_off: 'Written off: removes units',
      counted: 'Counted: adds or removes the difference',
    },
    units: 'Units',
    difference: 'Difference (for example -2)',
    note: 'Note',
    book: 'Book',
    booked: 'The stock is booked.',
    bookTitle: 'Stock book',
    empty: 'Nothing is booked yet.',
    file: 'Download as CSV',
    older: 'Show older entries',
    kinds: {
      seed: 'Initial stock',
      restock: 'Restocked',
      hold: 'Reserved for an order',
      release: 'Released',
      return: 'Returned by a refund',
      received: 'Received',
      written_off: 'Written off',
      counted: 'Counted',
    },
    left: (count: number) => `${formatCount(count)} in stock`,
  },
} as const;
