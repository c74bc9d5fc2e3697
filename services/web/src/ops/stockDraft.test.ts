import { changeOf, emptyDraft, notBookableReason } from './stockDraft.js';

describe('a change of the stock', () => {
  it.each([
    ['received', '10', 10, null],
    ['written_off', '3', -3, null],
    ['counted', '5', 1, null],
    ['counted', '0', -4, null],
    ['counted', '4', 0, 'The count equals the book. There is nothing to book.'],
    ['counted', '', null, 'Enter how many units you counted.'],
    ['received', '0', 0, 'Enter at least 1.'],
    ['received', '', null, 'Enter the number of units.'],
    ['written_off', '-3', null, 'Enter the number of units.'],
    ['received', '0.5', null, 'Enter the number of units.'],
  ] as const)(
    'with the reason %s, %j units entered and 4 in the book is %j',
    (reason, units, change, disabledReason) => {
      const draft = { ...emptyDraft, reason, units, shownStock: 4 };
      expect(changeOf(draft)).toBe(change);
      expect(notBookableReason(draft)).toBe(disabledReason);
    },
  );
});
