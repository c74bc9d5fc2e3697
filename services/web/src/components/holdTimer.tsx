import { useEffect, useState } from 'react';
import { storeNow } from '../clock.js';
import { formatCountdown, formatDuration, formatMoment } from '../format.js';
import { texts } from '../texts.js';

const hourMs = 3_600_000;
const soonMs = 60_000;

/** When what is left is read out: a timer that speaks each second would be unbearable, one that never does useless. */
const announcedMs = [300_000, 60_000, 30_000, 10_000, 0];

/** How long the stock is held. */
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

/** Said as each mark is passed; what was passed before somebody came is not news. Both in milliseconds. */
function announcement({ leftMs, leftAtFirstMs }: { leftMs: number; leftAtFirstMs: number }): string | null {
  const mark = announcedMs.findLast((one) => leftMs <= one);
  if (mark === undefined || mark >= leftAtFirstMs) return null;
  return mark === 0 ? texts.order.holdEnded : texts.order.endsIn(formatDuration(mark));
}

/** Both in milliseconds since the epoch. */
function holdText({ time, nowMs }: { time: number; nowMs: number }): string {
  const leftMs = time - nowMs;
  if (leftMs <= 0) return texts.order.holdEnded;
  if (leftMs < hourMs) return texts.order.heldFor(formatCountdown(leftMs));
  return texts.order.heldUntil(formatMoment({ time, nowMs }));
}

/** By the store's clock. @returns milliseconds since the epoch, every second */
function useNow(): number {
  const [nowMs, setNowMs] = useState(storeNow);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(storeNow()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
