import { outlastingFailedTasks } from './runs';

const grpcError = (code: number) => Object.assign(new Error('no'), { code, details: 'no', metadata: {} });

describe('outlastingFailedTasks', () => {
  it('sends an Update again whose workflow task failed', async () => {
    const failures = [grpcError(9), grpcError(9)];
    const send = async (): Promise<string> => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return 'answer';
    };
    expect(await outlastingFailedTasks(send)).toBe('answer');
  });

  it('leaves every other error to its caller', async () => {
    await expect(outlastingFailedTasks(() => Promise.reject(grpcError(14)))).rejects.toMatchObject({ code: 14 });
    await expect(outlastingFailedTasks(() => Promise.reject(new Error('else')))).rejects.toThrow('else');
  });
});
