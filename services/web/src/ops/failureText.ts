import { failureCode, failureDetail, isRetryable } from '../failures.js';
import { texts } from '../texts.js';
import { opsTexts } from './texts.js';

/** The text for an action that failed; null without a failure. */
export function failureText(error: unknown): string | null {
  if (error === null) return null;
  switch (failureCode(error)) {
    case 'not_allowed':
      return opsTexts.token.wrong;
    case 'not_found':
      return opsTexts.order.unknown;
    default:
      return failureDetail(error) ?? (isRetryable(error) ? opsTexts.actions.noAnswer : texts.unexpected);
  }
}
