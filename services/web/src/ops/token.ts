import { useSyncExternalStore } from 'react';

const name = 'widget-store.admin-token';
const listeners = new Set<() => void>();

/** The admin token, kept until this tab closes. Null in demo mode and before the operator enters it. */
export function getAdminToken(): string | null {
  return window.sessionStorage.getItem(name);
}

/** @param token null to forget it */
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
