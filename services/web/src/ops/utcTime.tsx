/** Shows a time in UTC with seconds, as in the logs. */
export function UtcTime({ iso }: { iso: string }) {
  return <time dateTime={iso}>{iso.slice(0, 19).replace('T', ' ')} UTC</time>;
}
