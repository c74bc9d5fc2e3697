import { isOperationsPath } from '@widget-store/contract';
import { type BrowserLocationHook, navigate as navigateHere, useBrowserLocation } from 'wouter/use-browser-location';

/**
 * The router's location hook. A link from an operations page to a page for shoppers makes a request to the server. If
 * the store has another front end, the server redirects there.
 */
export const useStoreLocation: BrowserLocationHook = (options) => {
  const [path] = useBrowserLocation(options);
  return [path, navigate];
};

const navigate: typeof navigateHere = (to, options) => {
  const { pathname } = new URL(to, window.location.href);
  if (isOperationsPath(window.location.pathname) && !isOperationsPath(pathname)) window.location.assign(to);
  else navigateHere(to, options);
};
