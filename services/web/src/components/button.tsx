import type { ReactNode } from 'react';

interface ButtonProps {
  onPress: () => void;
  children: ReactNode;
  /** Shown instead of the children while the press is being carried out; presses then do nothing. */
  pending?: string | null | undefined;
  disabled?: boolean;
  kind?: 'primary' | 'plain' | 'danger';
}

/** A button that cannot be pressed twice. While pending it stays focusable, so that nobody loses their place. */
export function Button({ onPress, children, pending = null, disabled = false, kind = 'plain' }: ButtonProps) {
  const isPending = pending !== null;
  return (
    <button
      type="button"
      className={`button button-${kind}`}
      disabled={disabled && !isPending}
      aria-disabled={isPending}
      aria-busy={isPending}
      onClick={() => {
        if (!isPending) onPress();
      }}
    >
      {pending ?? children}
    </button>
  );
}
