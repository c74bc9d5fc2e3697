import type { ReactNode } from 'react';

interface NoticeProps {
  /** When empty, the region stays in the page, because screen readers announce only changes of an existing region. */
  children: ReactNode;
  tone?: 'info' | 'warning' | 'error';
}

/** A live region: screen readers announce its text when it changes. */
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
