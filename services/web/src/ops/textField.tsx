import { type ComponentProps, useId } from 'react';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  label: string;
  /** What is wrong with the text; null if it is right. */
  error?: string | null;
  onEdit: (text: string) => void;
}

/** A field for a line of text. The error is below the field. */
export function TextField({ label, error = null, onEdit, ...input }: TextFieldProps) {
  const errorId = useId();
  return (
    <div className="ops-field">
      <label>
        {label}
        <input
          {...input}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : errorId}
          onChange={({ target }) => onEdit(target.value)}
        />
      </label>
      {error !== null && (
        <p id={errorId} className="ops-field-error">
          {error}
        </p>
      )}
    </div>
  );
}
