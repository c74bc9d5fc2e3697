import { useId } from 'react';
import { Page } from '../components/page.js';
import { texts } from '../texts.js';
import { AccessNotice } from './accessNotice.js';
import { Demonstration } from './actions.js';
import { Anomalies } from './anomalies.js';
import type { OpsSearch } from './api.js';
import { Attention } from './attention.js';
import { OrderFilter } from './orderFilter.js';
import { OrderResults, useShownResults } from './orderResults.js';
import { noFilter, useOrderSearch } from './orderSearch.js';
import { useOpsOrders } from './queries.js';
import { SignedIn } from './signedIn.js';
import { opsTexts } from './texts.js';

/**
 * The first of the operations pages: what needs an operator, the orders with a filter, the reconciler's anomalies, and
 * the tools for demonstrations.
 */
export function OpsPage() {
  const [search, changeSearch] = useOrderSearch();
  const results = useOpsOrders(search);
  const { data, error, isPlaceholderData } = results;
  const { heading, showResults } = useShownResults(isPlaceholderData);
  const ordersId = useId();
  const show = (next: OpsSearch): void => {
    changeSearch(next);
    showResults();
  };
  return (
    <Page title={opsTexts.title}>
      <AccessNotice error={error} />
      {data !== undefined && (
        <>
          <SignedIn />
          <Attention onShowToShip={() => show({ ...noFilter, toShip: true })} />
          <section className="ops-section" aria-labelledby={ordersId}>
            <h2 id={ordersId}>{opsTexts.orders.title}</h2>
            <OrderFilter search={search} onChange={show} />
            <OrderResults search={search} results={results} heading={heading} />
          </section>
          <Anomalies />
          <Demonstration />
        </>
      )}
      {data === undefined && error === null && <p>{texts.loading}</p>}
    </Page>
  );
}
