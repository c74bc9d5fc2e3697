/**
 * Runs an update of the page, but not while a pointer presses something. The browser moves the focus at the beginning
 * of a press. An error that appeared then could move the pressed button from under the pointer, and the click would be
 * lost.
 */
export function afterPress(update: () => void): void {
  if (document.querySelector(':active') === null) {
    update();
    return;
  }
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
    // The click follows the event that ends the press.
    setTimeout(update);
  };
  // A touch has already ended with `pointerup` when it moves the focus.
  for (const event of ['pointerup', 'pointercancel', 'mouseup', 'dragend']) {
    document.addEventListener(event, end, { signal: ended.signal });
  }
}
