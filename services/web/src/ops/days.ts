/**
 * The start of a day in the time zone of the browser.
 *
 * @param day such as `2026-01-31`
 * @param later the number of days to add
 * @returns ISO 8601, UTC
 */
export function startOfDay(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/**
 * The day of a moment in the time zone of the browser, such as `2026-01-31`, which is how Swedish writes a day.
 *
 * @param timeMs milliseconds since the epoch
 */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toLocaleDateString('sv');
}

/** Whether the text is a day in the format of `<input type="date">`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
