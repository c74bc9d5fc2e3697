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
    price: (currency: string) => (currency === '' ? 'Price' : `Price in ${currency}`),
    currency: {
      label: 'Currency',
      hint: 'You cannot change the currency later.',
      choose: 'Choose a currency',
      inShop: 'Currencies of the products',
      others: 'Other currencies',
    },
    drawing: 'Picture',
    address: 'Address of another picture',
    addressHint: (origins: string[]) =>
      origins.length === 0
        ? 'No address is allowed yet. Enter the address of your picture, and this page says who must allow it.'
        : `The address must begin with ${origins.join(' or ')}.`,
    preview: 'What shoppers see',
    pictureFails: 'This picture does not load. Shoppers see the drawing.',
    onSale: 'On sale: shoppers can buy it',
    save: 'Save',
    create: 'Create product',
    priceDialog: {
      title: (before: string, after: string) => `Change the price from ${before} to ${after}?`,
      consequences: [
        'Shoppers see the new price within two seconds.',
        'Orders that are already placed keep their price.',
      ],
      confirmText: 'Yes, change the price',
    },
    created: (name: string) => `${name} is created. Book its first pieces below.`,
    saved: 'The product is saved. Open pages of the shop show the change within two seconds.',
    unsaved: 'Not saved yet.',
    leave: 'This page has entries that are not saved. Leave the page, and lose them?',
    reload: 'Load again',
    impossible: 'Nothing is saved. Correct the marked fields.',
    errors: {
      name: 'Enter a name.',
      currency: 'Choose a currency.',
      noPrice: (example: string) => `Enter a price, such as ${example}.`,
      notNumber: (example: string) => `Enter the price without a currency sign, such as ${example}.`,
      decimals: (count: number) =>
        count === 0
          ? 'Enter the price without decimals, and without signs between thousands.'
          : `Enter at most ${count} decimals, and no sign between thousands.`,
      thousands: (example: string) => `Enter the price without spaces or signs between thousands, such as ${example}.`,
      tooHigh: 'The price is too high.',
      zero: 'Enter a price above 0.',
      notHttps: 'Enter an address that begins with https://.',
      origin: (origin: string, allowed: string) =>
        `Pictures at ${origin} are not allowed yet. Ask the person who runs the store to set IMAGE_ORIGINS=${allowed} for the api, and to restart it.`,
    },
  },
  stock: {
    title: 'Book stock',
    reason: 'Reason',
    reasons: {
      received: 'Received: adds units',
      written_off: 'Written off: removes units',
      counted: 'Counted: books the difference',
    },
    units: 'Units',
    counted: 'Units counted',
    now: (count: number) => `In stock now: ${formatCount(count)}`,
    reserved: (count: number) => `${formatCount(count)} in orders not yet shipped`,
    reservedHint: (count: number) =>
      count === 1
        ? 'Do not count the piece of an order that is not shipped yet.'
        : `Do not count the ${formatCount(count)} pieces of orders that are not shipped yet.`,
    comparison: ({ counted, book, change }: { counted: number; book: number; change: number }) =>
      `${formatCount(counted)} counted, ${formatCount(book)} in the book: ${differenceText(change)}.`,
    changedSince: (count: number) =>
      `The stock has changed to ${formatCount(count)} since you typed the count. The difference stays the same.`,
    noUnits: 'Enter the number of units.',
    noCount: 'Enter how many units you counted.',
    atLeastOne: 'Enter at least 1.',
    nothingToBook: 'The count equals the book. There is nothing to book.',
    note: 'Note',
    book: 'Book',
    unsaved: 'Not booked yet.',
    booked: 'The stock is booked.',
    bookTitle: 'Stock book',
    empty: 'Nothing is booked yet.',
    file: 'Download as CSV',
    allTitle: 'Stock books of all products',
    from: 'Booked from',
    to: 'Booked until',
    older: 'Show older entries',
    left: (count: number) => `${formatCount(count)} in stock`,
  },
} as const;

function differenceText(change: number): string {
  if (change === 0) return 'no difference';
  return change > 0 ? `adds ${formatCount(change)}` : `removes ${formatCount(-change)}`;
}
