import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { isClosed, retryFailedTasks, withDeadline } from './calls';

const grpcError = (code: number) => Object.assign(new Error('no'), { code, details: 'no', metadata: {} });

describe('retryFailedTasks', () => {
  it('repeats an Update whose workflow task failed', async () => {
    const failures = [grpcError(9), grpcError(9)];
    const send = async (): Promise<string> => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return 'answer';
    };
    expect(await retryFailedTasks(send)).toBe('answer');
  });

  it('throws every other error', async () => {
    await expect(retryFailedTasks(() => Promise.reject(grpcError(14)))).rejects.toMatchObject({ code: 14 });
    await expect(retryFailedTasks(() => Promise.reject(new Error('else')))).rejects.toThrow('else');
  });
});

describe('withDeadline', () => {
  const context = (checkWritable: () => Promise<void>) =>
    ({
      temporal: { withDeadline: (_deadline: number, work: () => Promise<unknown>) => work() },
      deadlineMs: 1000,
      store: { checkWritable },
    }) as unknown as Parameters<typeof withDeadline>[0];
  const standby = () => Promise.reject(new Error('a standby'));

  it('names the database if a run waits for it', async () => {
    const late = withDeadline(context(standby), () => Promise.reject(grpcError(4)));
    await expect(late).rejects.toThrow('a standby');
  });

  it('names Temporal if the database works, or if Temporal does not answer', async () => {
    const late = withDeadline(
      context(() => Promise.resolve()),
      () => Promise.reject(grpcError(4)),
    );
    await expect(late).rejects.toMatchObject({ code: 4 });
    const away = withDeadline(context(standby), () => Promise.reject(grpcError(14)));
    await expect(away).rejects.toMatchObject({ code: 14 });
  });
});

describe('isClosed', () => {
  const failed = (type: string) =>
    new WorkflowUpdateFailedError('Workflow Update failed', ApplicationFailure.create({ type }));

  it('is true for a closed run, even if the run had accepted the Update', () => {
    expect(isClosed(new WorkflowNotFoundError('gone', 'checkout/key', undefined))).toBe(true);
    expect(isClosed(failed('AcceptedUpdateCompletedWorkflow'))).toBe(true);
  });

  it('is false for an Update that failed in an open run', () => {
    expect(isClosed(failed('gateway_unavailable'))).toBe(false);
    expect(isClosed(new Error('else'))).toBe(false);
  });
});
