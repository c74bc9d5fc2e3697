import { useEffect, useState } from 'react';
import { storeNow } from '../clock.js';
import { formatCountdown, formatDuration, formatMoment } from '../format.js';
import { texts } from '../texts.js';

const hourMs = 3_600_000;
const soonMs = 60_000;

/** Remaining times that screen readers announce. An announcement every second would be too much. */
const announcedMs = [300_000, 60_000, 30_000, 10_000, 0];

/** A countdown to the end of the reservation. */
export function HoldTimer({ expiresAt }: { expiresAt: string }) {
  const nowMs = useNow();
  const time = Date.parse(expiresAt);
  const leftMs = time - nowMs;
  const [leftAtFirstMs] = useState(leftMs);
  return (
    <div className={leftMs <= soonMs ? 'hold hold-ending' : 'hold'}>
      <p role="timer">{holdText({ time, nowMs })}</p>
      <output className="visually-hidden">{announcement({ leftMs, leftAtFirstMs })}</output>
    </div>
  );
}

/** The announcement for the last mark passed since the page opened. Both arguments are milliseconds. */
function announcement({ leftMs, leftAtFirstMs }: { leftMs: number; leftAtFirstMs: number }): string | null {
  const mark = announcedMs.findLast((one) => leftMs <= one);
  if (mark === undefined || mark >= leftAtFirstMs) return null;
  return mark === 0 ? texts.order.holdEnded : texts.order.endsIn(formatDuration(mark));
}

/** Both arguments are milliseconds since the epoch. */
function holdText({ time, nowMs }: { time: number; nowMs: number }): string {
  const leftMs = time - nowMs;
  if (leftMs <= 0) return texts.order.holdEnded;
  if (leftMs < hourMs) return texts.order.heldFor(formatCountdown(leftMs));
  return texts.order.heldUntil(formatMoment({ time, nowMs }));
}

/** The time on the store's clock, updated every second. @returns milliseconds since the epoch */
function useNow(): number {
  const [nowMs, setNowMs] = useState(storeNow);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(storeNow()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
