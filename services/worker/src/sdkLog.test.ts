import { ApplicationFailure } from '@temporalio/common';
import { withReadableErrors } from './sdkLog';

describe('the log of the SDK', () => {
  it('says why an activity failed', () => {
    const message = 'The database refused a statement (42501, permission denied for table stock_movements).';
    const error = ApplicationFailure.create({ type: 'DatabaseRejected', message });
    const written: unknown = JSON.parse(JSON.stringify(withReadableErrors({ durationMs: 5, error })));
    expect(written).toEqual({ durationMs: 5, error: { type: 'DatabaseRejected', message } });
  });

  it('has the stack and the causes of a bug', () => {
    const error = new TypeError('x is not a function', { cause: new Error('the cause') });
    expect(withReadableErrors({ error })).toMatchObject({
      error: {
        type: 'TypeError',
        message: 'x is not a function',
        stack: expect.stringContaining('sdkLog.test') as string,
        cause: { message: 'the cause' },
      },
    });
  });
});
