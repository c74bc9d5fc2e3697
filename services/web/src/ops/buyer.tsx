import type { BuyerBody } from '@widget-store/api';
import { addressLines } from '../addressLines.js';
import { BuyerActions } from './actions.js';
import { opsTexts } from './texts.js';
import { UtcTime } from './utcTime.js';

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
          {opsTexts.buyer.erased} <UtcTime iso={erasedAt} />
        </p>
      )}
      <dl className="facts">
        {facts.map(([label, value]) =>
          value === null ? null : (
            <div key={label} className="ops-fact">
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {erasedAt === null && <BuyerActions orderId={buyer.order_id} />}
    </section>
  );
}
