import { useEffect, useState } from 'react';
import { formatCountdown, formatMoment } from '../format.js';
import { texts } from '../texts.js';

const hourMs = 3_600_000;

/** How long the stock is held. A timer is not read out at each second. */
export function HoldTimer({ expiresAt }: { expiresAt: string }) {
  const nowMs = useNow();
  const time = Date.parse(expiresAt);
  return (
    <p role="timer" className="small">
      {holdText({ time, nowMs })}
    </p>
  );
}

/** Both in milliseconds since the epoch. */
function holdText({ time, nowMs }: { time: number; nowMs: number }): string {
  const leftMs = time - nowMs;
  if (leftMs <= 0) return texts.order.holdEnded;
  if (leftMs < hourMs) return texts.order.heldFor(formatCountdown(leftMs));
  return texts.order.heldUntil(formatMoment({ time, nowMs }));
}

/** @returns milliseconds since the epoch, every second */
function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
