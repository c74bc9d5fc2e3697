import { useState } from 'react';
import { orderPath } from '../paths.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/**
 * A button that copies the order's address. Only this browser lists the order, so the shopper needs the address to open
 * the order elsewhere.
 */
export function CopyLink({ orderId }: { orderId: string }) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const address = new URL(orderPath(orderId), window.location.href).href;
  const copy = () => {
    copyText(address).then(
      () => setOutcome(texts.order.linkCopied),
      () => setOutcome(texts.order.linkNotCopied(address)),
    );
  };
  return (
    <div className="copy-link">
      <Button onPress={copy}>{texts.order.copyLink}</Button>
      <p className="small">{texts.order.keepLink}</p>
      <Notice>{outcome}</Notice>
    </div>
  );
}

/** Rejects if the browser refuses to copy. Also rejects over plain HTTP, where `navigator.clipboard` is undefined. */
async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
