import type { ReactNode } from 'react';

interface ButtonProps {
  onPress: () => void;
  children: ReactNode;
  /** Shown instead of the children while the press is being carried out; presses then do nothing. */
  pending?: string | null | undefined;
  disabled?: boolean;
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** What it does, where the children do not say it by themselves. Begins with them, for those who speak to their browser. */
  label?: string;
}

/** A button that cannot be pressed twice. While pending it stays focusable, so that nobody loses their place. */
export function Button({ onPress, children, pending = null, disabled = false, kind = 'plain', label }: ButtonProps) {
  const isPending = pending !== null;
  return (
    <button
      type="button"
      aria-label={pending === null ? label : undefined}
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
