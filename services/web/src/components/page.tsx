import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { texts } from '../texts.js';

interface PageProps {
  /** The heading, and the document's title. */
  title: string;
  children: ReactNode;
}

/** A page under its one heading. It shows the heading from its first render on, because navigation focuses it. */
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

/** Where a page begins, also for those who do not see it change. */
export function focusHeading(options: FocusOptions = {}): void {
  document.querySelector<HTMLElement>('main h1')?.focus(options);
}
