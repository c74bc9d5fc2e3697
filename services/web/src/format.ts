export function formatCount(count: number): string {
  return new Intl.NumberFormat().format(count);
}

/** @param time ISO 8601, or milliseconds since the epoch */
export function formatDateTime(time: string | number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time));
}

/** @param time milliseconds since the epoch */
export function formatTime(time: number): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(new Date(time));
}

/**
 * Formats a moment, and leaves out the date if the moment is today. Both arguments are milliseconds since the epoch.
 */
export function formatMoment({ time, nowMs }: { time: number; nowMs: number }): string {
  const isToday = new Date(time).toDateString() === new Date(nowMs).toDateString();
  return isToday ? formatTime(time) : formatDateTime(time);
}

/** Formats a remaining time as minutes and seconds, such as 14:59. @param leftMs less than an hour */
export function formatCountdown(leftMs: number): string {
  const clock = { minute: '2-digit', second: '2-digit', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(undefined, clock).format(new Date(leftMs));
}

const units = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1_000 },
] as const;

/**
 * Formats a duration in its largest unit, such as "15 minutes". The text is always in English, because it becomes part
 * of an English sentence.
 *
 * @param ms milliseconds
 */
export function formatDuration(ms: number): string {
  const { unit, ms: unitMs } = units.find((candidate) => ms >= candidate.ms) ?? units[3];
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(Math.round(ms / unitMs));
}
