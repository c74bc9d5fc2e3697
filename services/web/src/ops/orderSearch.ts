import { type OrderStatus, orderStatuses, pagePaths } from '@widget-store/contract';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { OpsSearch } from './api.js';
import { isDay } from './days.js';

export const noFilter: OpsSearch = { query: '', status: null, toShip: false, from: null, to: null };

/**
 * The last filter of the list, for the way back from an order. A text that can name a person is kept only here, in the
 * memory of the page, because the browser stores the addresses of pages.
 */
let lastSearch = { parameters: '', person: '' };

/** The path of the list of orders with its last filter. */
export function orderListPath(): string {
  const { parameters } = lastSearch;
  return parameters === '' ? pagePaths.ops : `${pagePaths.ops}?${parameters}`;
}

/** The filter of the list of orders. The page's address contains the filter, but no text that can name a person. */
export function useOrderSearch(): [OpsSearch, (next: OpsSearch) => void] {
  const [parameters, setParameters] = useSearchParams();
  const address = parameters.toString();
  // This text is not in the page's address, because browsers keep addresses in their history, and servers keep them in
  // their logs.
  const [person, setPerson] = useState(address === lastSearch.parameters ? lastSearch.person : '');
  useEffect(() => {
    lastSearch = { parameters: address, person };
  }, [address, person]);
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
