import type { AnomaliesBody, AnomalyBody } from '@widget-store/api';
import { Link } from 'wouter';
import { Notice } from '../components/notice.js';
import { Time } from '../components/orderSummary.js';
import { retryingText } from '../failureTexts.js';
import { opsOrderPath } from './paths.js';
import { texts } from '../texts.js';
import { useAnomalies } from './queries.js';
import { opsTexts } from './texts.js';

export const anomaliesId = 'ops-anomalies';

/** Shows the anomalies that the last run of the reconciler found. */
export function Anomalies() {
  const { data, error } = useAnomalies();
  return (
    <section className="ops-section" aria-labelledby={anomaliesId}>
      <h2 id={anomaliesId}>{opsTexts.anomalies.title}</h2>
      <Notice tone="warning">{error === null ? null : (retryingText(error) ?? texts.unexpected)}</Notice>
      {data !== undefined && <AnomalyList anomalies={data} />}
    </section>
  );
}

function AnomalyList({
  anomalies: { checked_at: checkedAt, url, failed, found, anomalies },
}: {
  anomalies: AnomaliesBody;
}) {
  if (checkedAt === null) return <p>{opsTexts.anomalies.never}</p>;
  const total = Object.values(found).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <p>
        {opsTexts.anomalies.checked} <Time iso={checkedAt} />
        {url !== null && (
          <>
            {', '}
            <a href={url} rel="noreferrer" target="_blank">
              {opsTexts.anomalies.run}
            </a>
          </>
        )}
      </p>
      <Notice tone="warning">{failed.length === 0 ? null : opsTexts.anomalies.notCompared(failed)}</Notice>
      {total === 0 && failed.length === 0 && <p>{opsTexts.anomalies.none}</p>}
      {total > anomalies.length && <p>{opsTexts.anomalies.more(anomalies.length, total)}</p>}
      <ul>
        {anomalies.map((anomaly) => (
          <Anomaly key={JSON.stringify(anomaly)} anomaly={anomaly} />
        ))}
      </ul>
    </>
  );
}

function Anomaly({ anomaly: { kind, detail, order_id: orderId, repair } }: { anomaly: AnomalyBody }) {
  return (
    <li>
      <strong>{kind}</strong>: {detail} (
      {repair === null ? opsTexts.anomalies.decide : opsTexts.anomalies.repair(repair)}){' '}
      {orderId !== null && (
        <Link href={opsOrderPath(orderId)} className="id">
          {orderId}
        </Link>
      )}
    </li>
  );
}
