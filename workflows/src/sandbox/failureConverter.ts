import type { FailureConverter } from '@temporalio/common';
import { failureConverter as encodedFailures } from './encodedFailures';
import { settings } from './settings';

/** The converter of failures in workflows; undefined for the SDK's own. */
export const failureConverter: FailureConverter | undefined = settings.encryption ? encodedFailures : undefined;
