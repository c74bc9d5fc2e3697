/** The text of the SQLite driver's error in the server's log. */
const interrupted = 'interrupted (9)';
/**
 * A cancelled call causes one or two errors of the SQLite driver. Only a broken server logs such errors for this long.
 */
const lostAfterMs = 5000;
/** If the server logs no error of the SQLite driver for this long, it has recovered. */
const silenceMs = 2000;

/**
 * Notices a broken Temporal dev server. A call that is cancelled at a bad moment can leave the server's SQLite
 * connection interrupted. From then on, every statement fails until the process is replaced. Replacing it loses no
 * data. A server that we compile has a repaired driver. A server that we download or find on PATH can lack the repair.
 *
 * @param onLost is called when the server has logged SQLite errors for five seconds, and again each time the errors
 * have continued for another five seconds
 * @returns a function to call with each line that the server prints
 */
export function watchForInterruption(onLost: () => void, now: () => number = Date.now): (line: string) => void {
  let sinceMs = 0;
  let lastMs = -Infinity;
  return (line) => {
    if (!line.includes(interrupted)) return;
    const atMs = now();
    if (atMs - lastMs > silenceMs) sinceMs = atMs;
    lastMs = atMs;
    if (atMs - sinceMs < lostAfterMs) return;
    lastMs = -Infinity;
    onLost();
  };
}
