import type { ReactNode } from 'react';

interface ButtonProps {
  onPress: () => void;
  children: ReactNode;
  /** Shown instead of the children while the action runs. Clicks then do nothing. */
  pending?: string | null | undefined;
  disabled?: boolean;
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** The accessible name, where the children are not clear alone. It starts with the visible text (WCAG 2.5.3). */
  label?: string;
}

/** A button that ignores clicks while its action runs. It uses `aria-disabled`, so it keeps the focus. */
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
