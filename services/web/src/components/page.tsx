import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { texts } from '../texts.js';

interface PageProps {
  /** The heading and the document title. */
  title: string;
  children: ReactNode;
}

/** A page with its heading. The first render must contain the heading, which gets the focus after a navigation. */
export function Page({ title, children }: PageProps) {
  useTitle(title);
  return (
    <article className="page">
      <PageHeading>{title}</PageHeading>
      {children}
    </article>
  );
}

export function PageHeading({ children }: { children: ReactNode }) {
  return (
    <h1 className="page-heading" tabIndex={-1}>
      {children}
    </h1>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === texts.storeName ? title : `${title} · ${texts.storeName}`;
  }, [title]);
}

/** Moves the focus to the page's heading, so that screen readers announce it. */
export function focusHeading(options: FocusOptions = {}): void {
  document.querySelector<HTMLElement>('main h1')?.focus(options);
}
