import { createSearchAttributesCheck } from './searchAttributesCheck';

const grpcError = (code: number, message: string) =>
  Object.assign(new Error(message), { code, details: '', metadata: {} });
const missing = grpcError(3, "3 INVALID_ARGUMENT: column name 'OrderId' is not a valid search attribute");

/** @param answers the results of the queries, in sequence. A query whose result is an Error fails with this Error */
function temporal(answers: (Error | 'found')[]) {
  const queries: string[] = [];
  const count = (query: string) => {
    queries.push(query);
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ count: 0, groups: [] });
  };
  const withDeadline = (_deadline: number, work: () => Promise<unknown>) => work();
  return { queries, check: createSearchAttributesCheck({ count, withDeadline } as never) };
}

describe('the check of the search attributes', () => {
  it('fails while an attribute is missing, then succeeds, and asks rarely afterwards', async () => {
    const { check, queries } = temporal([missing, missing, 'found']);
    await expect(check()).rejects.toThrow(/lacks a search attribute/);
    await expect(check()).rejects.toThrow(/lacks a search attribute/);
    await check();
    await check();
    expect(queries).toHaveLength(3);
    expect(queries[0]).toBe("OrderId = 'none' AND OrderStatus = 'none' AND PaymentStatus = 'none'");
  });

  it.each([
    ['is away', grpcError(14, '14 UNAVAILABLE')],
    ['does not allow the query', grpcError(7, '7 PERMISSION_DENIED')],
  ])('succeeds when Temporal %s, and asks again at the next check', async (_what, error) => {
    const { check, queries } = temporal([error, 'found']);
    await check();
    await check();
    expect(queries).toHaveLength(2);
  });
});
