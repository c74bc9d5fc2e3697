/** A time in UTC with seconds, as logs have it. */
export function UtcTime({ iso }: { iso: string }) {
  return <time dateTime={iso}>{iso.slice(0, 19).replace('T', ' ')} UTC</time>;
}
