import { keepErasingBuyers } from './buyerRetention';

describe('the retention of buyers', () => {
  it('erases until no old buyer is left, and logs only the order id of each erasure', async () => {
    const stop = new AbortController();
    const full = Array.from({ length: 500 }, (_, index) => `ord_${index}`);
    const batches = [full, ['ord_last']];
    const logged: unknown[] = [];
    const log = {
      info: (...line: unknown[]) => void logged.push(line),
      error: (...line: unknown[]) => void logged.push(line),
    };
    const eraseOldBuyers = ({ days, limit }: { days: number; limit: number }) => {
      expect([days, limit]).toEqual([30, 500]);
      if (batches.length === 1) stop.abort();
      return Promise.resolve(batches.shift() ?? []);
    };
    await keepErasingBuyers({ eraseOldBuyers }, { days: 30, everyMs: 1, stop: stop.signal, log });
    expect(logged).toEqual([...full, 'ord_last'].map((orderId) => [{ orderId }, 'a buyer was erased']));
  });
});
