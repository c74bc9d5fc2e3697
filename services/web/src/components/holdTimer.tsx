import { useEffect, useState } from 'react';
import { storeNowMs } from '../clock.js';
import { formatCountdown, formatDuration, formatMoment } from '../format.js';
import { texts } from '../texts.js';

const hourMs = 3_600_000;
const endingSoonMs = 60_000;

/** Screen readers announce only these remaining times. An announcement every second would be too much. */
const announcedMarksMs = [300_000, 60_000, 30_000, 10_000, 0];

/** A countdown to the end of the reservation. */
export function HoldTimer({ expiresAt }: { expiresAt: string }) {
  const nowMs = useNow();
  const time = Date.parse(expiresAt);
  const leftMs = time - nowMs;
  const [initialLeftMs] = useState(leftMs);
  return (
    <div className={leftMs <= endingSoonMs ? 'hold hold-ending' : 'hold'}>
      <p role="timer">{holdText({ time, nowMs })}</p>
      <output className="visually-hidden">{announcement({ leftMs, initialLeftMs })}</output>
    </div>
  );
}

/**
 * The announcement for the latest mark that the countdown has reached. Null if the countdown has reached no mark, or
 * if it had already reached that mark when the page opened.
 */
function announcement({ leftMs, initialLeftMs }: { leftMs: number; initialLeftMs: number }): string | null {
  const mark = announcedMarksMs.findLast((markMs) => leftMs <= markMs);
  if (mark === undefined || mark >= initialLeftMs) return null;
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
  const [nowMs, setNowMs] = useState(storeNowMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(storeNowMs()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
