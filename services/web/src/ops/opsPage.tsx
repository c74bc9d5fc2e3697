import type { OpsOrderBody } from '@widget-store/api';
import { type OrderStatus, orderStatuses, formatMoney } from '@widget-store/contract';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { Button } from '../components/button.js';
import { StatusPill, Time } from '../components/orderSummary.js';
import { Page } from '../components/page.js';
import { formatCount } from '../format.js';
import { opsOrderPath } from '../paths.js';
import { orderStatusTexts, paymentStatusTexts, texts } from '../texts.js';
import { StoreActions } from './actions.js';
import { Anomalies } from './anomalies.js';
import { Attention } from './attention.js';
import type { OpsSearch } from './api.js';
import { useOpsOrders, useOrderCounts } from './queries.js';
import { opsTexts } from './texts.js';
import { AccessNotice } from './accessNotice.js';

/**
 * The list page of the operations pages. It shows what needs an operator, the orders with a search and a filter, the
 * actions for the store, and the reconciler's anomalies.
 */
export function OpsPage() {
  const [parameters, setParameters] = useSearchParams();
  const status = parameters.get('status') ?? '';
  // A search text that can name a person is not part of the address, because browsers keep addresses in their history,
  // and servers keep them in their logs.
  const [person, setPerson] = useState('');
  const search: OpsSearch = {
    query: parameters.get('query') ?? person,
    status: isStatus(status) ? status : null,
    toShip: parameters.has('to_ship'),
  };
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useOpsOrders(search);
  const orders = data?.pages.flatMap((page) => page.orders) ?? [];
  const updateSearch = (next: Partial<OpsSearch>): void => {
    const { query, status: chosen, toShip } = { ...search, ...next };
    const isPublic = isIdOrNumber(query);
    setPerson(isPublic ? '' : query);
    const all = { query: isPublic ? query : '', status: chosen ?? '', to_ship: toShip ? 'true' : '' };
    setParameters(Object.entries(all).filter(([, value]) => value !== ''));
  };
  return (
    <Page title={opsTexts.title}>
      <AccessNotice error={error} />
      {data !== undefined && (
        <>
          <Attention />
          <SearchField key={search.query} query={search.query} onSearch={(query) => updateSearch({ query })} />
          <StatusFilter
            search={search}
            onChoose={(chosen) => updateSearch({ status: null, toShip: false, ...chosen })}
          />
          {orders.length === 0 ? <p>{opsTexts.search.none}</p> : <OrdersTable orders={orders} toShip={search.toShip} />}
          {hasNextPage && (
            <Button
              pending={isFetchingNextPage ? opsTexts.search.loadingMore : null}
              onPress={() => void fetchNextPage()}
            >
              {opsTexts.search.more}
            </Button>
          )}
          <StoreActions />
          <Anomalies />
        </>
      )}
      {data === undefined && error === null && <p>{texts.loading}</p>}
    </Page>
  );
}

function SearchField({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  return (
    <search>
      <form
        className="ops-form"
        onSubmit={(event) => {
          event.preventDefault();
          const entered = new FormData(event.currentTarget).get('query');
          onSearch(typeof entered === 'string' ? entered.trim() : '');
        }}
      >
        <label>
          {opsTexts.search.label}
          <input name="query" type="search" defaultValue={query} maxLength={200} autoComplete="off" />
        </label>
        <button type="submit" className="button">
          {opsTexts.search.button}
        </button>
      </form>
    </search>
  );
}

interface StatusFilterProps {
  search: Pick<OpsSearch, 'status' | 'toShip'>;
  onChoose: (chosen: Partial<OpsSearch>) => void;
}

function StatusFilter({ search: { status, toShip }, onChoose }: StatusFilterProps) {
  const { data: counts } = useOrderCounts();
  // A store with demo fulfilment never has an order to ship.
  const hasToShip = toShip || (counts?.to_ship ?? 0) > 0;
  return (
    <fieldset className="ops-statuses">
      <legend>{opsTexts.search.statuses(counts?.newest ?? null)}</legend>
      <button type="button" className="button" aria-pressed={status === null && !toShip} onClick={() => onChoose({})}>
        {opsTexts.search.all}
      </button>
      {hasToShip && (
        <button type="button" className="button" aria-pressed={toShip} onClick={() => onChoose({ toShip: true })}>
          {opsTexts.search.toShip} {counts === undefined ? '' : formatCount(counts.to_ship)}
        </button>
      )}
      {orderStatuses.map((choice) => (
        <button
          key={choice}
          type="button"
          className="button"
          aria-pressed={status === choice}
          onClick={() => onChoose({ status: choice })}
        >
          {orderStatusTexts[choice].name} {counts === undefined ? '' : formatCount(counts[choice])}
        </button>
      ))}
    </fieldset>
  );
}

function OrdersTable({ orders, toShip }: { orders: OpsOrderBody[]; toShip: boolean }) {
  const { order, key, status, payment, total, created } = opsTexts.table;
  return (
    <div className="ops-scroll">
      <table className="ops-table">
        <thead>
          <tr>
            {[order, key, status, payment, total, created].map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {orders.map((row) => (
            <tr key={row.order_id}>
              <td>
                <Link href={opsOrderPath(row.order_id)} className="ops-short">
                  {row.order_number}
                </Link>
              </td>
              <td className="id">{row.idempotency_key}</td>
              <td>
                <StatusPill status={row.status} />
                {toShip && row.ship_to === null && <strong className="ops-short"> {opsTexts.ship.noAddress}</strong>}
              </td>
              <td className="ops-short">{paymentStatusTexts[row.payment_status]}</td>
              <td className="ops-short">{formatMoney({ minor: row.total_minor, currency: row.currency })}</td>
              <td>
                <Time iso={row.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Whether the text is an id or a number. Such a text is neither a name nor an e-mail address. */
function isIdOrNumber(text: string): boolean {
  return /^(?=.*\d)[\w-]+$/.test(text);
}

function isStatus(text: string): text is OrderStatus {
  return orderStatuses.some((status) => status === text);
}
