import { cancelOrder } from './cancelOrder';

const orderId = `ord_${'0'.repeat(32)}`;
const tooLate = Object.assign(new Error('too late'), { code: 4, details: 'too late', metadata: {} });

/**
 * A store whose runs do not answer in time. For each pending step of the run, `failures` has the failure type of the
 * last attempt, or null if no attempt has failed.
 */
function shop(status: string, failures: (string | null)[]) {
  const asked = { updateIds: new Set<string>(), workflowId: '' };
  const temporal = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    executeUpdateWithStart: (_update: unknown, { updateId }: { updateId: string }) => {
      asked.updateIds.add(updateId);
      return Promise.reject(tooLate);
    },
    getHandle: (workflowId: string) => {
      asked.workflowId = workflowId;
      const pendingActivities = failures.map((type) => ({ lastFailure: type && { applicationFailureInfo: { type } } }));
      return { describe: async () => ({ raw: { pendingActivities } }) };
    },
  };
  const store = {
    findCheckout: async () => ({ orderId, idempotencyKey: 'key', status, isExpired: false }),
    checkWritable: async () => {},
  };
  const context = { temporal, store, deadlineMs: 1000, taskQueue: 'queue', publicUrl: '' } as never;
  return { asked, cancel: () => cancelOrder(context, orderId) };
}

describe('a cancellation that its run cannot carry out in time', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['PENDING', 'ProductBusy', 'product_busy', 'checkout/key'],
    ['PAID', 'ProductBusy', 'product_busy', `dispatch/${orderId}`],
    ['PENDING', 'DatabaseUnavailable', 'postgres_unavailable', 'checkout/key'],
    ['PENDING', 'DatabaseRejected', 'postgres_unavailable', 'checkout/key'],
    ['PENDING', 'GatewayUnavailable', 'gateway_unavailable', 'checkout/key'],
  ])('if the order is %s and a step fails with %s: answers %s', async (status, type, code, workflowId) => {
    const { asked, cancel } = shop(status, [null, type]);
    await expect(cancel()).rejects.toMatchObject({ code, message: expect.stringContaining('keeps trying') as string });
    expect(asked.workflowId).toBe(workflowId);
  });

  it('fails with the error of Temporal if no step of the run has failed', async () => {
    await expect(shop('PENDING', [null]).cancel()).rejects.toBe(tooLate);
  });

  it('costs the run one Update, even if it is requested many times', async () => {
    const { asked, cancel } = shop('PENDING', ['ProductBusy']);
    const clock = jest.spyOn(Date, 'now');
    for (let nowMs = 0; nowMs < 60_000; nowMs += 5000) {
      clock.mockReturnValue(nowMs);
      await expect(cancel()).rejects.toMatchObject({ code: 'product_busy' });
    }
    expect(asked.updateIds.size).toBe(1);
  });
});
