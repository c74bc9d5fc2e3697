import type { BuyerBody, OrderReportBody } from '@widget-store/api';
import type { ReactNode } from 'react';
import { addressLines } from '../addressLines.js';
import { CopyText } from '../components/copyText.js';
import { Time } from '../components/orderSummary.js';
import { ActionButton } from './actions.js';
import { FactList } from './factList.js';
import { eraseConsequences } from './nextSteps.js';
import { opsTexts } from './texts.js';

/** Shows the buyer, and a button that copies the address. Shows nothing if the store has collected no address. */
export function Buyer({ buyer }: { buyer: BuyerBody | null }) {
  if (buyer === null) return null;
  const { name, email, phone, address, erased_at: erasedAt } = buyer;
  const { title, erased, copyAddress, addressCopied, addressNotCopied } = opsTexts.buyer;
  const lines = address === null ? [] : addressLines(address);
  const facts: [string, ReactNode][] = [
    [opsTexts.buyer.name, name],
    [opsTexts.buyer.address, address === null ? null : lines.join(', ')],
    [opsTexts.buyer.phone, phone === null ? null : phoneLink(phone)],
    [opsTexts.buyer.email, email === null ? null : mailLink(email)],
  ];
  return (
    <section className="ops-section" aria-labelledby="ops-buyer">
      <h2 id="ops-buyer">{title}</h2>
      {erasedAt !== null && (
        <p>
          {erased} <Time iso={erasedAt} />
        </p>
      )}
      <FactList facts={facts} />
      {address !== null && (
        <CopyText
          text={[...(name === null ? [] : [name]), ...lines].join('\n')}
          buttonText={copyAddress}
          copied={addressCopied}
          notCopied={addressNotCopied}
        />
      )}
    </section>
  );
}

/** A button that erases the buyer. Shows nothing if there is no buyer to erase. */
export function EraseBuyer({ report }: { report: OrderReportBody }) {
  const { buyer } = report;
  if (buyer === null || buyer.erased_at !== null) return null;
  const { erase, eraseDialog } = opsTexts.buyer;
  return (
    <section className="ops-section" aria-label={erase}>
      <ActionButton
        kind="danger"
        text={erase}
        action={{ name: 'erase', orderId: buyer.order_id }}
        dialog={{ ...eraseDialog, consequences: eraseConsequences(report) }}
      />
    </section>
  );
}

/** A link that calls the number. People type numbers with spaces and brackets, which a `tel:` link does not need. */
function phoneLink(phone: string): ReactNode {
  return <a href={`tel:${phone.replaceAll(/[^\d+]/g, '')}`}>{phone}</a>;
}

function mailLink(email: string): ReactNode {
  return <a href={`mailto:${encodeURIComponent(email).replace('%40', '@')}`}>{email}</a>;
}
