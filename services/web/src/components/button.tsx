import type { ReactNode } from 'react';

interface ButtonProps {
  onPress: () => void;
  children: ReactNode;
  /** The text that replaces the children while the action runs. While it is shown, clicks have no effect. */
  pending?: string | null | undefined;
  disabled?: boolean;
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** The accessible name, if the visible text alone is not clear. It must start with the visible text (WCAG 2.5.3). */
  label?: string;
}

/**
 * A button that ignores clicks while its action runs. It uses `aria-disabled`, because a button that becomes `disabled`
 * loses the focus.
 */
export function Button({ onPress, children, pending = null, disabled = false, kind = 'plain', label }: ButtonProps) {
  const isPending = pending !== null;
  return (
    <button
      type="button"
      aria-label={pending === null ? label : undefined}
      className={`button button-${kind}`}
      aria-disabled={disabled || isPending}
      aria-busy={isPending}
      onClick={() => {
        if (!isPending && !disabled) onPress();
      }}
    >
      {pending ?? children}
    </button>
  );
}
