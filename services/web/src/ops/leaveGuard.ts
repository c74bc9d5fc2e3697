import { useEffect } from 'react';
import { opsTexts } from './texts.js';

/**
 * Asks before the operator leaves the page with unsaved entries: through a link, by a reload or by closing the tab. The
 * router does not let a page ask before Back.
 */
export function useLeaveGuard(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const askOnUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    const askOnLink = (event: MouseEvent): void => {
      if (!isLeaving(event)) return;
      // A link to a page for shoppers loads a new document, and the browser must not ask a second time.
      if (window.confirm(opsTexts.products.leave)) window.removeEventListener('beforeunload', askOnUnload);
      else event.preventDefault();
    };
    window.addEventListener('beforeunload', askOnUnload);
    // The router ignores a prevented click. A listener in the capture phase runs before the router's.
    document.addEventListener('click', askOnLink, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', askOnUnload);
      document.removeEventListener('click', askOnLink, { capture: true });
    };
  }, [isUnsaved]);
}

/** Whether the click follows a link to another page in this tab. */
function isLeaving({ target, ctrlKey, metaKey, shiftKey }: MouseEvent): boolean {
  const link = target instanceof Element ? target.closest('a') : null;
  if (link === null || ctrlKey || metaKey || shiftKey) return false;
  return link.target !== '_blank' && link.pathname !== window.location.pathname;
}
