import { createTestDatabase, type TestDatabase } from '@widget-store/tests';

describe('payment references', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('can be recorded concurrently in any sequence, and a payment keeps its first reference', async () => {
    const { store } = database;
    for (let round = 0; round < 200; round++) {
      const references = Array.from({ length: 20 }, (_, index) => ({
        paymentId: `pay_${round}_${index}`,
        reference: 'cs_1',
      }));
      await Promise.all([
        store.recordPaymentReferences(references),
        store.recordPaymentReferences(references.toReversed()),
      ]);
    }
    await store.recordPaymentReferences([{ paymentId: 'pay_0_0', reference: 'cs_2' }]);
    expect(await store.readPaymentReference('pay_0_0')).toBe('cs_1');
  });
});
