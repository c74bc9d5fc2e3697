import { versionsOf, versionTag } from './versionTag';

describe('the header If-Match', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    [versionTag({ version: 7 }), [7]],
    ['"3", "12"', [3, 12]],
    // nginx makes the tag of an answer weak when it compresses the answer.
    ['W/"3"', [3]],
    ['3', []],
    ['"three"', []],
    ['"99999999999"', []],
    ['', []],
  ])('%j names the versions %j', (header, versions) => {
    expect(versionsOf(header)).toEqual(versions);
  });
});
