import { type RefObject, useEffect, useRef, useState } from 'react';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { texts } from '../texts.js';
import type { OpsSearch } from './api.js';
import { failureText } from './failureText.js';
import { NextPageButton } from './nextPageButton.js';
import { OrderList } from './orderList.js';
import { type useOpsOrders, useOrdersFile } from './queries.js';
import { saveFile } from './saveFile.js';
import { opsTexts } from './texts.js';

interface OrderResultsProps {
  search: OpsSearch;
  results: ReturnType<typeof useOpsOrders>;
  heading: RefObject<HTMLHeadingElement | null>;
}

/** The orders that the search has found, below a heading that counts them. */
export function OrderResults({ search, results, heading }: OrderResultsProps) {
  const { data, hasNextPage, isPlaceholderData } = results;
  const orders = data?.pages.flatMap((page) => page.orders) ?? [];
  const { query, status, toShip, from, to } = search;
  // A search stays within the chosen status and days, which are out of sight on a phone.
  const isFiltered = query !== '' && (status !== null || toShip || from !== null || to !== null);
  const { found } = opsTexts.orders;
  return (
    <>
      <h3 ref={heading} tabIndex={-1}>
        {isPlaceholderData
          ? texts.loading
          : found({ count: orders.length, hasMore: hasNextPage, toShip, isSearched: query !== '', isFiltered })}
      </h3>
      {orders.length > 0 && <OrderList orders={orders} toShip={toShip} />}
      <div className="actions">
        <NextPageButton list={results} text={opsTexts.search.more} />
        {orders.length > 0 && <OrdersFile search={search} />}
      </div>
    </>
  );
}

/**
 * Shows the heading of the results after the operator has changed the search: moves the focus to it and scrolls to it.
 * On a phone, the results are below the visible part of the page.
 *
 * @param isLoading whether the page still shows the results of the previous search
 */
export function useShownResults(isLoading: boolean) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [searches, setSearches] = useState(0);
  useEffect(() => {
    if (searches === 0 || isLoading) return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'start' });
  }, [searches, isLoading]);
  return { heading, showResults: () => setSearches((count) => count + 1) };
}

function OrdersFile({ search }: { search: OpsSearch }) {
  const { mutate, isPending, data: saved, error } = useOrdersFile();
  return (
    <>
      <Button
        pending={isPending ? opsTexts.actions.working : null}
        onPress={() => mutate(search, { onSuccess: saveFile })}
      >
        {opsTexts.search.file}
      </Button>
      <Notice>{saved === undefined ? null : opsTexts.fileSaved(saved.name)}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
    </>
  );
}
