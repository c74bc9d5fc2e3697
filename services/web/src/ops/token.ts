import { useSyncExternalStore } from 'react';

const name = 'widget-store.admin-token';
const listeners = new Set<() => void>();

/** The admin token, which this tab keeps until it closes. Null if the operator has entered no token. */
export function getAdminToken(): string | null {
  return window.sessionStorage.getItem(name);
}

/** Stores the token for this tab. @param token null to forget the stored token */
export function setAdminToken(token: string | null): void {
  if (token === null) window.sessionStorage.removeItem(name);
  else window.sessionStorage.setItem(name, token);
  for (const listener of listeners) listener();
}

export function useAdminToken(): string | null {
  return useSyncExternalStore(subscribe, getAdminToken);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
