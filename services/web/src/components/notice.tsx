import type { ReactNode } from 'react';

interface NoticeProps {
  /**
   * The text. Without a text, the live region stays in the page, because screen readers announce only changes of a
   * region that already exists.
   */
  children: ReactNode;
  tone?: 'info' | 'warning' | 'error';
}

/** A live region: screen readers announce its text whenever the text changes. */
export function Notice({ children, tone = 'info' }: NoticeProps) {
  return (
    <div role={tone === 'error' ? 'alert' : 'status'} className="notice-region">
      {isEmpty(children) ? null : <div className={`notice notice-${tone}`}>{children}</div>}
    </div>
  );
}

function isEmpty(children: ReactNode): boolean {
  return children === null || children === undefined || children === false || children === '';
}
