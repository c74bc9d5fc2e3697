import { versionsOf, versionTag } from './productVersion';

describe('the header If-Match of a product', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    [versionTag({ version: 7 }), [7]],
    ['"3", "12"', [3, 12]],
    // If-Match compares strongly, so a weak tag never matches (RFC 9110, 13.1.1).
    ['W/"3"', []],
    ['3', []],
    ['"three"', []],
    ['"99999999999"', []],
    ['', []],
  ])('%j names the versions %j', (header, versions) => {
    expect(versionsOf(header)).toEqual(versions);
  });
});
