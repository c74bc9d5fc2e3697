import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { isClosed, retryFailedTasks } from './calls';

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

describe('isClosed', () => {
  const failed = (type: string) =>
    new WorkflowUpdateFailedError('Workflow Update failed', ApplicationFailure.create({ type }));

  it('is true for a closed run, also when it closed after it accepted an Update', () => {
    expect(isClosed(new WorkflowNotFoundError('gone', 'checkout/key', undefined))).toBe(true);
    expect(isClosed(failed('AcceptedUpdateCompletedWorkflow'))).toBe(true);
  });

  it('is false for an Update that failed in an open run', () => {
    expect(isClosed(failed('gateway_unavailable'))).toBe(false);
    expect(isClosed(new Error('else'))).toBe(false);
  });
});
