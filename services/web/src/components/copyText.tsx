import { type ReactNode, useState } from 'react';
import { Button } from './button.js';
import { Notice } from './notice.js';

interface CopyTextProps {
  text: string;
  buttonText: string;
  copied: string;
  /** Says that the browser refuses to copy, and where the text is. */
  notCopied: string;
  /** An explanation below the button. */
  children?: ReactNode;
}

/** A button that copies a text. */
export function CopyText({ text, buttonText, copied, notCopied, children }: CopyTextProps) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const copy = () => {
    writeToClipboard(text).then(
      () => setOutcome(copied),
      () => setOutcome(notCopied),
    );
  };
  return (
    <div className="copy-text">
      <Button onPress={copy}>{buttonText}</Button>
      {children}
      <Notice>{outcome}</Notice>
    </div>
  );
}

/** Rejects if the browser refuses to copy. Also rejects over plain HTTP, where `navigator.clipboard` is undefined. */
async function writeToClipboard(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
