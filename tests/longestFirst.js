const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * The test files of `tests/src` that take longest, in the order in which they start. Two files that keep the processors
 * busy never follow each other.
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
 * Starts the longest test files first, so that the run does not end with one of them alone. Jest itself starts the
 * slowest files first only if it has measured them in an earlier run. In a first run, Jest starts the largest files
 * first. Many slow files are small, so Jest would start them late.
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
