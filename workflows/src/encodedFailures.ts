import { DefaultFailureConverter } from '@temporalio/common';

/** For payloads that are encrypted: what a failure says, and where it came from, is a payload too. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
