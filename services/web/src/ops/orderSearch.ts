import { type OrderStatus, orderStatuses } from '@widget-store/contract';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { OpsSearch } from './api.js';
import { isDay } from './days.js';

export const noFilter: OpsSearch = { query: '', status: null, toShip: false, from: null, to: null };

/** The filter of the list of orders. The page's address contains the filter, but no text that can name a person. */
export function useOrderSearch(): [OpsSearch, (next: OpsSearch) => void] {
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
