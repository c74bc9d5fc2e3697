import { type ComponentProps, type ReactNode, useId } from 'react';

interface FieldTexts {
  label: string;
  /** What is wrong with the entry; null if it is right. */
  error?: string | null;
  /** What the operator can enter. */
  hint?: string | null;
}

interface FieldProps extends FieldTexts {
  /** Returns the control, which must have these attributes. */
  renderControl: (attributes: { 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ReactNode;
}

/** A field with its label. The hint and the error are below the field. */
export function Field({ label, error = null, hint = null, renderControl }: FieldProps) {
  const [errorId, hintId] = [useId(), useId()];
  const described = [hint === null ? [] : hintId, error === null ? [] : errorId].flat();
  return (
    <div className="ops-field">
      <label>
        {label}
        {renderControl({
          'aria-invalid': error !== null,
          'aria-describedby': described.length === 0 ? undefined : described.join(' '),
        })}
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

interface TextFieldProps extends FieldTexts, Omit<ComponentProps<'input'>, 'onChange'> {
  onEdit: (text: string) => void;
}

/** A field for a line of text. */
export function TextField({ label, error = null, hint = null, onEdit, ...input }: TextFieldProps) {
  return (
    <Field
      label={label}
      error={error}
      hint={hint}
      renderControl={(attributes) => (
        <input {...input} {...attributes} onChange={({ target }) => onEdit(target.value)} />
      )}
    />
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
