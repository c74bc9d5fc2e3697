import { DefaultFailureConverter, type FailureConverter } from '@temporalio/common';

/**
 * For encrypted payloads: the message and the stack trace of a failure become a payload too. Only a failure of the encryption
 * itself stays readable. Its message names nothing but a key, and the operator who must read it lacks that key.
 */
class EncodedFailures extends DefaultFailureConverter {
  private readonly readable = new DefaultFailureConverter();

  override errorToFailure(...given: Parameters<DefaultFailureConverter['errorToFailure']>) {
    return isKeyError(given[0]) ? this.readable.errorToFailure(...given) : super.errorToFailure(...given);
  }
}

export const failureConverter: FailureConverter = new EncodedFailures({ encodeCommonAttributes: true });

/** The codec's error, as it is or as the SDK wraps it for an activity. */
function isKeyError(error: unknown): boolean {
  return error instanceof Error && (error.name === keyErrorName || ('type' in error && error.type === keyErrorName));
}

const keyErrorName = 'PayloadKeyError';
