import { useState } from 'react';
import { orderPath } from '../paths.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/** A button that copies the order's address, because only this browser lists the order. */
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

/** Rejects if the browser refuses. Over plain HTTP, browsers have no clipboard, and the access itself throws. */
async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
