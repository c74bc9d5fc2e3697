import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecideAdjustments } from '@widget-store/contract';
import { createTestDatabase, type TestDatabase } from '../support/store/database';
import { newOrderId } from '../support/orderIds';
import { copyRepository, type RepositoryCopy } from '../support/repositoryCopy';

describe('the example flat-shipping', () => {
  let copy: RepositoryCopy;
  let database: TestDatabase;
  const files = ['decideAdjustments.ts', 'decideAdjustments.test.ts'];
  const copied = files.map((file) => `contract/src/${file}`);

  beforeAll(async () => {
    [copy, database] = await Promise.all([copyRepository(), createTestDatabase()]);
    const example = join(copy.path, 'examples/flat-shipping');
    await Promise.all(files.map((file) => cp(join(example, file), join(copy.path, 'contract/src', file))));
  });
  afterAll(() => Promise.all([copy.remove(), database.drop()]));

  it('is one file that has correct types, and the tests of the price pass with it', async () => {
    const [typeErrors, testReport] = await Promise.all([
      copy.checkTypes([...copied, 'services/web/src/orderPrice.ts']),
      copy.runUnitTests(['contract/src/decideAdjustments.test.ts', 'services/web/src/orderPrice.test.ts']),
    ]);
    expect(typeErrors).toEqual([]);
    expect(testReport.at(-1)).toMatch(/^\d passed, 0 failed$/);
  });

  it('adds 5.00 to an order below 50.00, and nothing to a larger order', async () => {
    const { decideAdjustments } = (await import(join(copy.path, copied[0] ?? ''))) as {
      decideAdjustments: DecideAdjustments;
    };
    const place = async (quantity: number, expectedTotalMinor: number) => {
      const orderId = newOrderId();
      const lines = [{ productId: 2, quantity }];
      const request = { idempotencyKey: orderId, fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000 };
      await database.store.placeOrder({ ...request, orderId, lines, expectedTotalMinor, decideAdjustments });
      return (await database.store.readOrder(orderId))?.adjustments;
    };
    const shipping = { kind: 'shipping', label: 'Shipping', amountMinor: 500 };
    expect(await place(1, 1999 + 500)).toEqual([shipping]);
    expect(await place(3, 3 * 1999)).toEqual([]);
    await expect(place(1, 1999)).rejects.toMatchObject({ code: 'TotalChanged', totalMinor: 2499 });
  });
});
