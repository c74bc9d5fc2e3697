import { type ReactNode, useId } from 'react';

interface ButtonProps {
  onPress: () => void;
  children: ReactNode;
  /** The text that replaces the children while the action runs. While it is shown, clicks have no effect. */
  pending?: string | null | undefined;
  disabled?: boolean;
  /** Why the button is disabled. The page shows the reason beside the button. */
  disabledReason?: string | null;
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** The accessible name, if the visible text alone is not clear. It must start with the visible text (WCAG 2.5.3). */
  label?: string;
}

/**
 * A button that ignores clicks while its action runs. Uses `aria-disabled`, because a button that becomes `disabled`
 * loses the focus. Users of a keyboard or a screen reader could then not reach it to learn why it is disabled.
 */
export function Button(props: ButtonProps) {
  const { onPress, children, pending = null, disabled = false, disabledReason = null, kind = 'plain', label } = props;
  const id = useId();
  const isPending = pending !== null;
  const isOff = disabled || isPending || disabledReason !== null;
  return (
    <>
      <button
        type="button"
        aria-label={isPending ? undefined : label}
        aria-describedby={disabledReason === null ? undefined : id}
        className={`button button-${kind}`}
        aria-disabled={isOff}
        aria-busy={isPending}
        onClick={() => {
          if (!isOff) onPress();
        }}
      >
        {pending ?? children}
      </button>
      {disabledReason !== null && (
        <span id={id} className="button-reason">
          {disabledReason}
        </span>
      )}
    </>
  );
}
