import { failureTypes } from '@widget-store/contract';
import { paymentPageUpdate } from '@widget-store/workflows/messages';
import { setAvailable } from '../support/store/database';
import { testGateway } from '../support/gateway/gateway';
import { openWorkflowBench, type WorkflowBench } from '../support/temporal/workflows';

/** A request for a payment page waits at most three seconds. */
describe('a payment page in time', () => {
  let bench: WorkflowBench;
  let end = (): void => {};
  const testEnds = new Promise<never>((_resolve, reject) => (end = () => reject(new Error('the test ends'))));
  testEnds.catch(() => {});
  let gatewayHangs = false;
  /** How many of the next attempts behave as if their worker had died. They send neither heartbeats nor a result. */
  let lostAttempts = 0;

  beforeAll(async () => {
    const gateway = testGateway();
    bench = await openWorkflowBench({
      gateway: { ...gateway, createPayment: (payment) => (gatewayHangs ? testEnds : gateway.createPayment(payment)) },
      replace: (own) => ({
        createPayment: (input) => ((lostAttempts -= 1) >= 0 ? testEnds : own.createPayment(input)),
      }),
    });
    await setAvailable(bench.database.store, 100);
  });
  afterAll(() => {
    end();
    return bench.close();
  });

  const open = async () => {
    const { run } = await bench.checkout();
    return run.executeUpdate(paymentPageUpdate);
  };

  it('is opened by a second attempt if the worker of the first attempt is lost', async () => {
    lostAttempts = 1;
    expect(await open()).toMatchObject({ paymentUrl: expect.any(String) as string });
  });

  it.each([
    { what: 'every attempt is lost', lost: 9, hangs: false, type: failureTypes.workerUnavailable },
    { what: 'the gateway does not answer', lost: 0, hangs: true, type: failureTypes.gatewayUnavailable },
  ])('fails with the cause if $what', async ({ lost, hangs, type }) => {
    lostAttempts = lost;
    gatewayHangs = hangs;
    await expect(open()).rejects.toMatchObject({ cause: { type } });
  });

  it('fails with the cause if the database fails', async () => {
    [lostAttempts, gatewayHangs] = [0, false];
    const { run } = await bench.checkout();
    await bench.database.sql`alter table orders rename to missing`;
    try {
      const type = failureTypes.databaseUnavailable;
      await expect(run.executeUpdate(paymentPageUpdate)).rejects.toMatchObject({ cause: { type } });
    } finally {
      await bench.database.sql`alter table missing rename to orders`;
    }
  });
});
