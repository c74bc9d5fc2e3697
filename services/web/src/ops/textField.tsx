import { type ComponentProps, useId } from 'react';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  label: string;
  /** What is wrong with the text; null if it is right. */
  error?: string | null;
  /** What the operator can enter. */
  hint?: string | null;
  onEdit: (text: string) => void;
}

/** A field for a line of text. The hint and the error are below the field. */
export function TextField({ label, error = null, hint = null, onEdit, ...input }: TextFieldProps) {
  const [errorId, hintId] = [useId(), useId()];
  const described = [hint === null ? [] : hintId, error === null ? [] : errorId].flat();
  return (
    <div className="ops-field">
      <label>
        {label}
        <input
          {...input}
          aria-invalid={error !== null}
          aria-describedby={described.length === 0 ? undefined : described.join(' ')}
          onChange={({ target }) => onEdit(target.value)}
        />
      </label>
      {hint !== null && (
        <p id={hintId} className="ops-field-hint small">
          {hint}
        </p>
      )}
      {error !== null && (
        <p id={errorId} className="ops-field-error">
          {error}
        </p>
      )}
    </div>
  );
}

interface TextAreaProps {
  label: string;
  value: string;
  maxLength: number;
  onEdit: (text: string) => void;
}

/** A field for a paragraph. The api accepts no line breaks, so they become spaces. */
export function TextArea({ label, onEdit, ...area }: TextAreaProps) {
  return (
    <div className="ops-field">
      <label>
        {label}
        <textarea {...area} rows={4} onChange={({ target }) => onEdit(target.value.replaceAll('\n', ' '))} />
      </label>
    </div>
  );
}
