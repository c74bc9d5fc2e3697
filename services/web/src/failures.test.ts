import { ignoreUnavailable, StoreFailure } from './failures.js';

test('a broken connection counts as a crash, and a rejected call does not', () => {
  expect(() => ignoreUnavailable(new StoreFailure({ code: 'unavailable' }))).not.toThrow();
  for (const code of ['rate_limited', 'not_allowed', 'not_found'] as const) {
    expect(() => ignoreUnavailable(new StoreFailure({ code }))).toThrow(code);
  }
});
