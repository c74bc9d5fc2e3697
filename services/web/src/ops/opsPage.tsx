import { useId, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { type OrderStatus, orderStatuses, pagePaths } from '@widget-store/contract';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { Page } from '../components/page.js';
import { texts } from '../texts.js';
import { AccessNotice } from './accessNotice.js';
import { StoreActions } from './actions.js';
import { Anomalies } from './anomalies.js';
import type { OpsSearch } from './api.js';
import { Attention } from './attention.js';
import { isDay } from './days.js';
import { failureText } from './failureText.js';
import { NextPageButton } from './nextPageButton.js';
import { OrderFilter } from './orderFilter.js';
import { OrderList } from './orderList.js';
import { useOpsOrders, useOrdersFile } from './queries.js';
import { saveFile } from './saveFile.js';
import { SignedIn } from './signedIn.js';
import { opsTexts } from './texts.js';

/**
 * The first of the operations pages: what needs an operator, the orders with a filter, the actions for the store, and
 * the reconciler's anomalies.
 */
export function OpsPage() {
  const [search, changeSearch] = useOrderSearch();
  const list = useOpsOrders(search);
  const { data, error } = list;
  const ordersId = useId();
  const orders = data?.pages.flatMap((page) => page.orders) ?? [];
  const showToShip = (): void => {
    changeSearch({ ...noFilter, toShip: true });
    document.getElementById(ordersId)?.focus();
  };
  return (
    <Page title={opsTexts.title}>
      <AccessNotice error={error} />
      {data !== undefined && (
        <>
          <SignedIn />
          <Link href={pagePaths.opsProducts}>{opsTexts.products.title}</Link>
          <Attention onShowToShip={showToShip} />
          <section className="ops-section" aria-labelledby={ordersId}>
            <h2 id={ordersId} tabIndex={-1}>
              {opsTexts.orders.title}
            </h2>
            <OrderFilter search={search} onChange={changeSearch} />
            {orders.length === 0 ? <p>{opsTexts.search.none}</p> : <OrderList orders={orders} toShip={search.toShip} />}
            <div className="actions">
              <NextPageButton list={list} text={opsTexts.search.more} />
              {orders.length > 0 && <OrdersFile search={search} />}
            </div>
          </section>
          <StoreActions />
          <Anomalies />
        </>
      )}
      {data === undefined && error === null && <p>{texts.loading}</p>}
    </Page>
  );
}

function OrdersFile({ search }: { search: OpsSearch }) {
  const { mutate, isPending, error } = useOrdersFile();
  return (
    <>
      <Button
        pending={isPending ? opsTexts.actions.working : null}
        onPress={() => mutate(search, { onSuccess: (content) => saveFile(opsTexts.search.fileName, content) })}
      >
        {opsTexts.search.file}
      </Button>
      <Notice tone="error">{failureText(error)}</Notice>
    </>
  );
}

const noFilter: OpsSearch = { query: '', status: null, toShip: false, from: null, to: null };

/** The filter of the list of orders. The page's address contains the filter, but no text that can name a person. */
function useOrderSearch(): [OpsSearch, (next: OpsSearch) => void] {
  const [parameters, setParameters] = useSearchParams();
  // This text is not in the page's address, because browsers keep addresses in their history, and servers keep them in
  // their logs.
  const [person, setPerson] = useState('');
  const valueOf = (name: string): string => parameters.get(name) ?? '';
  const dayOf = (name: string): string | null => (isDay(valueOf(name)) ? valueOf(name) : null);
  const status = valueOf('status');
  const search: OpsSearch = {
    query: parameters.get('query') ?? person,
    status: isStatus(status) ? status : null,
    toShip: parameters.has('to_ship'),
    from: dayOf('from'),
    to: dayOf('to'),
  };
  const change = ({ query, status: chosen, toShip, from, to }: OpsSearch): void => {
    const isPublic = isIdOrNumber(query);
    setPerson(isPublic ? '' : query);
    const all = {
      query: isPublic ? query : '',
      status: chosen ?? '',
      to_ship: toShip ? 'true' : '',
      from: from ?? '',
      to: to ?? '',
    };
    setParameters(Object.entries(all).filter(([, value]) => value !== ''));
  };
  return [search, change];
}

/** Whether the text looks like an id or a number, and not like a name or an e-mail address. */
function isIdOrNumber(text: string): boolean {
  return /^(?=.*\d)[\w-]+$/.test(text);
}

function isStatus(text: string): text is OrderStatus {
  return orderStatuses.some((status) => status === text);
}
