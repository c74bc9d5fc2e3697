/*
 * Counts down the time that is left to pay. The page contains the milliseconds that were left when the server built it.
 */
(() => {
  const deadline = document.querySelector('.deadline');
  if (deadline === null) return;
  const endMs = performance.now() + Number(deadline.dataset.leftMs);

  const show = () => {
    const leftSeconds = Math.ceil(Math.max(0, endMs - performance.now()) / 1000);
    const [hours, minutes, seconds] = [leftSeconds / 3600, (leftSeconds / 60) % 60, leftSeconds % 60].map(Math.floor);
    const clock = [...(hours > 0 ? [hours] : []), minutes, seconds].map((part) => String(part).padStart(2, '0'));
    deadline.classList.toggle('ending', leftSeconds <= 60);
    deadline.textContent =
      leftSeconds > 0
        ? `${clock.join(':')} left to pay`
        : 'The time to pay has ended. The shop refunds a late payment.';
    if (leftSeconds > 0) setTimeout(show, 1000);
  };
  show();
})();
