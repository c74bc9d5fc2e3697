import type { BuyerBody } from '@widget-store/api';
import { addressLines } from '../addressLines.js';
import { Time } from '../components/orderSummary.js';
import { BuyerActions } from './actions.js';
import { FactList } from './factList.js';
import { opsTexts } from './texts.js';

/** Shows the buyer, and a button that erases the buyer. Shows nothing if the store has collected no address. */
export function Buyer({ buyer }: { buyer: BuyerBody | null }) {
  if (buyer === null) return null;
  const { name, email, phone, address, erased_at: erasedAt } = buyer;
  const facts: [string, string | null][] = [
    [opsTexts.buyer.name, name],
    [opsTexts.buyer.email, email],
    [opsTexts.buyer.phone, phone],
    [opsTexts.buyer.address, address && addressLines(address).join(', ')],
  ];
  return (
    <section className="ops-section" aria-labelledby="ops-buyer">
      <h2 id="ops-buyer">{opsTexts.buyer.title}</h2>
      {erasedAt !== null && (
        <p>
          {opsTexts.buyer.erased} <Time iso={erasedAt} />
        </p>
      )}
      <FactList facts={facts} />
      {erasedAt === null && <BuyerActions orderId={buyer.order_id} />}
    </section>
  );
}
