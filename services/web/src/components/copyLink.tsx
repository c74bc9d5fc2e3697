import { orderPath } from '../paths.js';
import { texts } from '../texts.js';
import { CopyText } from './copyText.js';

/**
 * A button that copies the order's address. Only this browser lists the order, so the shopper needs the address to open
 * the order elsewhere.
 */
export function CopyLink({ orderId }: { orderId: string }) {
  const address = new URL(orderPath(orderId), window.location.href).href;
  const { copyLink, keepLink, linkCopied, linkNotCopied } = texts.order;
  return (
    <CopyText text={address} buttonText={copyLink} copied={linkCopied} notCopied={linkNotCopied(address)}>
      <p className="small">{keepLink}</p>
    </CopyText>
  );
}
