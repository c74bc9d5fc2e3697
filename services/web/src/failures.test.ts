import { ignoreUnavailable, StoreFailure } from './failures.js';

test('ignoreUnavailable ignores a broken connection and throws every other failure', () => {
  expect(() => ignoreUnavailable(new StoreFailure({ code: 'unavailable' }))).not.toThrow();
  for (const code of ['rate_limited', 'not_allowed', 'not_found'] as const) {
    expect(() => ignoreUnavailable(new StoreFailure({ code }))).toThrow(code);
  }
});
