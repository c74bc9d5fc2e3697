const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * The test files of `tests/src` that take longest, in the order in which they start. No two files that load the machine
 * follow each other.
 */
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
 * Starts the longest test files first, so that the run does not end with one of them alone. Before Jest has measured
 * the files, it would start the largest files first, but the slowest files are small.
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
