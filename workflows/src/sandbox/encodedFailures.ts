import { DefaultFailureConverter, type FailureConverter } from '@temporalio/common';

/**
 * The failure converter for encrypted payloads. It moves the message and the stack trace of a failure into a payload,
 * which is encrypted. A `PayloadKeyError` is not encrypted, because somebody without the key must be able to read it.
 * The message of a `PayloadKeyError` contains the id of the key, but no data.
 */
class EncodedFailures extends DefaultFailureConverter {
  private readonly readable = new DefaultFailureConverter();

  override errorToFailure(...given: Parameters<DefaultFailureConverter['errorToFailure']>) {
    return isKeyError(given[0]) ? this.readable.errorToFailure(...given) : super.errorToFailure(...given);
  }
}

export const failureConverter: FailureConverter = new EncodedFailures({ encodeCommonAttributes: true });

/** Whether the error comes from the codec, either directly or wrapped by the SDK for an activity. */
function isKeyError(error: unknown): boolean {
  return error instanceof Error && (error.name === keyErrorName || ('type' in error && error.type === keyErrorName));
}

const keyErrorName = 'PayloadKeyError';
