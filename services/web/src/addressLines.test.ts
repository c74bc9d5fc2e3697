import { addressLines } from './addressLines.js';

test.each([
  [
    { line1: '1 Road', line2: 'Flat 2', city: 'Portland', postal_code: '97201', region: 'OR', country: 'US' },
    ['1 Road', 'Flat 2', '97201 Portland OR', 'United States'],
  ],
  [
    { line1: '1 Road', line2: null, city: null, postal_code: null, region: null, country: 'SG' },
    ['1 Road', 'Singapore'],
  ],
])('an address has only the lines that it needs: %j', (address, lines) => {
  expect(addressLines(address)).toEqual(lines);
});
