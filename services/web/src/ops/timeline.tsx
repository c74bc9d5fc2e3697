import type { OrderReportBody, OrderRunBody, TimelineEntryBody } from '@widget-store/api';
import type { ReactNode } from 'react';
import { Time } from '../components/orderSummary.js';
import { FactList } from './factList.js';
import { opsTexts, runStateTexts } from './texts.js';

/** What happened to the order, oldest first. The technical details show the events of its workflows. */
export function Timeline({ entries }: { entries: TimelineEntryBody[] }) {
  return (
    <section className="ops-section" aria-labelledby="ops-timeline">
      <h2 id="ops-timeline">{opsTexts.order.timeline}</h2>
      <Entries entries={entries.filter(({ source }) => source !== 'workflow')} />
    </section>
  );
}

function Entries({ entries }: { entries: TimelineEntryBody[] }) {
  return (
    <ol className="ops-timeline">
      {entries.map((entry, index) => (
        // The index is the key, because entries have no id.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={index} className={entry.operator === null ? undefined : 'ops-by-operator'}>
          <Time iso={entry.at} />
          <p>
            {entry.title}
            {entry.operator !== null && <strong> {opsTexts.order.by(entry.operator)}</strong>}
            {entry.detail !== null && (
              <span className="small ops-detail">
                {' '}
                {entry.detail.split(/(https:\/\/\S*[^\s.,;:!?])/).map(withLink)}
              </span>
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}

/**
 * Makes every second part of a detail a link: these parts are addresses, for example the tracking link of a parcel. The
 * punctuation after an address belongs to the next part.
 */
function withLink(part: string, index: number): ReactNode {
  if (index % 2 === 0) return part;
  return (
    // The index is the key, because a detail can have the same address twice.
    // oxlint-disable-next-line react/no-array-index-key
    <a key={index} href={part} rel="noreferrer" target="_blank">
      {part}
    </a>
  );
}

/** Ids, runs and events of workflows, which help to find the cause of a problem. */
export function TechnicalDetails({ report: { order, runs, timeline } }: { report: OrderReportBody }) {
  return (
    <details className="ops-section">
      <summary>{opsTexts.order.technical}</summary>
      <FactList
        valueClass="id"
        facts={[
          [opsTexts.order.orderId, order.order_id],
          [opsTexts.order.key, order.idempotency_key],
          [opsTexts.order.paymentId, order.payment_id],
        ]}
      />
      <Runs runs={runs} />
      <h3>{opsTexts.order.workflowEvents}</h3>
      <Entries entries={timeline.filter(({ source }) => source === 'workflow')} />
    </details>
  );
}

function Runs({ runs }: { runs: OrderRunBody[] }) {
  return (
    <>
      <h3>{opsTexts.order.runs}</h3>
      <ul>
        {runs.map(({ workflow_id: id, state, url }) => (
          <li key={id}>
            {url === null ? (
              <span className="id">{id}</span>
            ) : (
              <a href={url} className="id" rel="noreferrer" target="_blank">
                {id}
              </a>
            )}
            {', '}
            {runStateTexts[state]}
          </li>
        ))}
      </ul>
    </>
  );
}
