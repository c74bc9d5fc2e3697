import { DefaultFailureConverter } from '@temporalio/common';

/**
 * For payloads that are encrypted: what a failure says, and where it came from, is a payload too. Only the failure of
 * encryption itself stays readable, because its message names a key and nothing else, and whoever has to help lacks the key.
 */
class EncodedFailures extends DefaultFailureConverter {
  private readonly plain = new DefaultFailureConverter();

  override errorToFailure(...given: Parameters<DefaultFailureConverter['errorToFailure']>) {
    return isOfKeys(given[0]) ? this.plain.errorToFailure(...given) : super.errorToFailure(...given);
  }
}

export const failureConverter = new EncodedFailures({ encodeCommonAttributes: true });

/** The codec's error, also as the SDK passes it on for an activity. */
function isOfKeys(error: unknown): boolean {
  return error instanceof Error && (error.name === keyError || ('type' in error && error.type === keyError));
}

const keyError = 'PayloadKeyError';
