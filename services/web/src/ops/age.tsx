import { storeNowMs } from '../clock.js';
import { formatDateTime, formatDuration } from '../format.js';
import { opsTexts } from './texts.js';

/** How long ago something happened. The exact time is in the tooltip. */
export function Age({ iso }: { iso: string }) {
  const passedMs = Math.max(0, storeNowMs() - Date.parse(iso));
  return (
    <time dateTime={iso} title={formatDateTime(iso)}>
      {opsTexts.orders.age(formatDuration(passedMs))}
    </time>
  );
}
