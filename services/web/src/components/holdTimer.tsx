import type { OrderBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { storeNowMs } from '../clock.js';
import { formatCountdown, formatDuration, formatMoment } from '../format.js';
import { paymentPath } from '../paths.js';
import { texts } from '../texts.js';

const hourMs = 3_600_000;
const endingSoonMs = 60_000;

/** Screen readers announce only these remaining times. An announcement every second would be too much. */
const announcedMarksMs = [300_000, 60_000, 30_000, 10_000, 0];

/** A countdown to the end of the reservation. */
export function HoldTimer({ expiresAt }: { expiresAt: string }) {
  const leftMs = useTimeLeft(expiresAt);
  return (
    <div className={leftMs <= endingSoonMs ? 'hold hold-ending' : 'hold'}>
      <p role="timer">{holdText({ expiresAt, leftMs })}</p>
      <HoldAnnouncement leftMs={leftMs} />
    </div>
  );
}

/**
 * A link to the payment, with the amount and the remaining time. After the end of the reservation, shows a sentence
 * instead of the link.
 */
export function PayLink({ order, paymentId }: { order: OrderBody; paymentId: string }) {
  const { expires_at: expiresAt, total_minor: minor, currency } = order;
  const leftMs = useTimeLeft(expiresAt);
  const amount = formatMoney({ minor, currency });
  return (
    <>
      {leftMs > 0 ? (
        <Link href={paymentPath(paymentId)} className="button button-primary">
          {leftMs < hourMs
            ? texts.purchase.payWithin({ amount, left: formatCountdown(leftMs) })
            : texts.purchase.payUntil({ amount, time: endOf({ expiresAt, leftMs }) })}
        </Link>
      ) : (
        <p>{texts.order.holdEnded}</p>
      )}
      <HoldAnnouncement leftMs={leftMs} />
    </>
  );
}

/** Announces the times in `announcedMarksMs`, except those that had already passed when the page opened. */
function HoldAnnouncement({ leftMs }: { leftMs: number }) {
  const [initialLeftMs] = useState(leftMs);
  return <output className="visually-hidden">{announcement({ leftMs, initialLeftMs })}</output>;
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

interface Hold {
  /** ISO 8601. */
  expiresAt: string;
  leftMs: number;
}

function holdText({ expiresAt, leftMs }: Hold): string {
  if (leftMs <= 0) return texts.order.holdEnded;
  if (leftMs < hourMs) return texts.order.heldFor(formatCountdown(leftMs));
  return texts.order.heldUntil(endOf({ expiresAt, leftMs }));
}

function endOf({ expiresAt, leftMs }: Hold): string {
  const time = Date.parse(expiresAt);
  return formatMoment({ time, nowMs: time - leftMs });
}

/** The remaining time on the store's clock, updated every second. @returns milliseconds; negative after the end */
function useTimeLeft(expiresAt: string): number {
  const [nowMs, setNowMs] = useState(storeNowMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(storeNowMs()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return Date.parse(expiresAt) - nowMs;
}
