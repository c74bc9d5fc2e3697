/** As the server's SQLite driver says it. */
const sign = 'interrupted (9)';
/** A call that was cancelled leaves a line or two; only a server that is lost goes on for this long. */
const lostAfterMs = 5000;
/** Without such a line for this long, the server has recovered. */
const silenceMs = 2000;

/**
 * Notices that a Temporal dev server is lost. A call that is cancelled in a bad moment can leave its SQLite connection
 * interrupted for good, so that every statement fails until the process is replaced, which loses nothing. The driver of later
 * versions is mended (temporalio/temporal#9198); those cannot be had with `go install`.
 *
 * @param onLost is called once each time
 * @returns is to be given each line that the server prints
 */
export function watchForInterruption(onLost: () => void, now: () => number = Date.now): (line: string) => void {
  let sinceMs = 0;
  let lastMs = -Infinity;
  return (line) => {
    if (!line.includes(sign)) return;
    const atMs = now();
    if (atMs - lastMs > silenceMs) sinceMs = atMs;
    lastMs = atMs;
    if (atMs - sinceMs < lostAfterMs) return;
    lastMs = -Infinity;
    onLost();
  };
}
