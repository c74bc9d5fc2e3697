const { default: Sequencer } = require('@jest/test-sequencer');

/** The files of `tests/src` that take longest, in the order to start them: what is played under load not two at a time. */
const longest = [
  'chaos/chaos',
  'checkout/durability',
  'storefront/states',
  'chaos/mutants',
  'storefront/payment',
  'storefront/live',
  'storefront/operationsPage',
  'api/orderEvents',
  'checkout/crashes',
  'storefront/buying',
];

/**
 * Starts the longest files first, so that none of them is left over when all the others have ended. Jest itself goes by the
 * size of a file until it has run it once, and the longest ones are short.
 */
module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    const rankOf = ({ path }) => {
      const rank = longest.findIndex((name) => path.endsWith(`/tests/src/${name}.test.ts`));
      return rank === -1 ? longest.length : rank;
    };
    const asJest = await super.sort([...tests]);
    return asJest.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
};
