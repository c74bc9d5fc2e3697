import { orderStatuses, orderStatusNames } from '@widget-store/contract';
import { storeNowMs } from '../clock.js';
import { formatCount } from '../format.js';
import type { OpsSearch } from './api.js';
import { dayOf } from './days.js';
import { useOrderCounts } from './queries.js';
import { opsTexts } from './texts.js';

interface OrderFilterProps {
  search: OpsSearch;
  onChange: (search: OpsSearch) => void;
}

/** The filter of the list of orders: a text, the days on which the orders were placed, and their state. */
export function OrderFilter({ search, onChange }: OrderFilterProps) {
  return (
    <>
      <search>
        <form
          key={`${search.query} ${search.from} ${search.to}`}
          className="ops-form"
          onSubmit={(event) => {
            event.preventDefault();
            onChange({ ...search, ...entriesOf(event.currentTarget) });
          }}
        >
          <label>
            {opsTexts.search.label}
            <input name="query" type="search" defaultValue={search.query} maxLength={200} autoComplete="off" />
          </label>
          <Days from={search.from} to={search.to} />
          <button type="submit" className="button">
            {opsTexts.search.button}
          </button>
          <Today search={search} onChange={onChange} />
        </form>
      </search>
      <StatusFilter search={search} onChange={onChange} />
    </>
  );
}

/** What the operator has entered in the form of the filter. */
function entriesOf(form: HTMLFormElement): Pick<OpsSearch, 'query' | 'from' | 'to'> {
  const entered = new FormData(form);
  const valueOf = (name: string): string => {
    const value = entered.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  return { query: valueOf('query'), from: valueOf('from') || null, to: valueOf('to') || null };
}

type Period = Pick<OpsSearch, 'from' | 'to'>;

const today = (): string => dayOf(storeNowMs());

function isToday({ from, to }: Period): boolean {
  return from === today() && to === today();
}

/** A button that shows only the orders of today, or those of all days again. A text that is entered counts too. */
function Today({ search, onChange }: OrderFilterProps) {
  const day = isToday(search) ? null : today();
  return (
    <button
      type="button"
      className="button"
      aria-pressed={day === null}
      onClick={({ currentTarget: { form } }) =>
        onChange({ ...search, ...(form && entriesOf(form)), from: day, to: day })
      }
    >
      {opsTexts.search.today}
    </button>
  );
}

/**
 * The first and the last day of the orders. Most searches have no days, so the fields are folded if none is set. They
 * are also folded if only today is set, because the button for today shows that.
 */
function Days({ from, to }: Period) {
  return (
    <details className="ops-days" open={(from !== null || to !== null) && !isToday({ from, to })}>
      <summary>{opsTexts.search.days}</summary>
      <div className="ops-form">
        <label className="ops-day">
          {opsTexts.search.from}
          <input name="from" type="date" defaultValue={from ?? ''} />
        </label>
        <label className="ops-day">
          {opsTexts.search.to}
          <input name="to" type="date" defaultValue={to ?? ''} />
        </label>
      </div>
    </details>
  );
}

function StatusFilter({ search, onChange }: OrderFilterProps) {
  const { status, toShip } = search;
  const { data: counts } = useOrderCounts();
  // A store with demo fulfilment usually has no order to ship. The page therefore has the button for these orders only
  // if there is such an order, or if the button is pressed.
  const hasToShip = toShip || (counts?.to_ship ?? 0) > 0;
  const choose = (chosen: Partial<OpsSearch>): void => onChange({ ...search, status: null, toShip: false, ...chosen });
  return (
    <fieldset className="ops-statuses">
      <legend>{opsTexts.search.statuses(counts?.newest ?? null)}</legend>
      <button type="button" className="button" aria-pressed={status === null && !toShip} onClick={() => choose({})}>
        {opsTexts.search.all}
      </button>
      {hasToShip && (
        <button type="button" className="button" aria-pressed={toShip} onClick={() => choose({ toShip: true })}>
          {opsTexts.search.toShip} {counts === undefined ? '' : formatCount(counts.to_ship)}
        </button>
      )}
      {orderStatuses.map((choice) => (
        <button
          key={choice}
          type="button"
          className="button"
          aria-pressed={status === choice}
          onClick={() => choose({ status: choice })}
        >
          {orderStatusNames[choice]} {counts === undefined ? '' : formatCount(counts[choice])}
        </button>
      ))}
    </fieldset>
  );
}
