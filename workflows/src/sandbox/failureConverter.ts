import type { FailureConverter } from '@temporalio/common';
import { failureConverter as encodedFailures } from './encodedFailures';
import { settings } from './settings';

/** The failure converter for workflows. Undefined if the SDK's own converter is used. */
export const failureConverter: FailureConverter | undefined = settings.encryption ? encodedFailures : undefined;
