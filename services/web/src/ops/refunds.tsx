import type { OpsOrderBody, OrderRunBody } from '@widget-store/api';
import { formatMoney, refundWorkflowId } from '@widget-store/contract';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { refundStatusTexts } from '../texts.js';
import { unreplacedFailures } from '../shownRefunds.js';
import { failureText } from './failureText.js';
import { useOpsAction } from './queries.js';
import { refundableMinor } from './refundRequest.js';
import { opsTexts, refundSourceTexts } from './texts.js';
import { UtcTime } from './utcTime.js';

type Refund = OpsOrderBody['refunds'][number];

interface RefundsProps {
  order: OpsOrderBody;
  runs: OrderRunBody[];
}

/** The refunds of an order, each with its status, source, reason and run. */
export function Refunds({ order, runs }: RefundsProps) {
  const { refunds } = order;
  if (refunds.length === 0) return null;
  return (
    <section className="ops-section" aria-labelledby="ops-refunds">
      <h2 id="ops-refunds">{opsTexts.refund.refunds}</h2>
      <ul className="ops-entries">
        {refunds.map((refund) => (
          <RefundEntry key={refund.refund_id} order={order} refund={refund} runs={runs} />
        ))}
      </ul>
    </section>
  );
}

function RefundEntry({ order, refund, runs }: RefundsProps & { refund: Refund }) {
  const { refund_id: refundId, amount_minor: minor, status, source, reason, gateway_refund_id: gatewayId } = refund;
  const url = runs.find(({ workflow_id: id }) => id === refundWorkflowId(refundId))?.url ?? null;
  return (
    <li>
      <p>
        <strong>{formatMoney({ minor, currency: order.currency })}</strong>{' '}
        <span className={`pill pill-refund-${status}`}>{refundStatusTexts[status]}</span>{' '}
        {opsTexts.refund.askedBy(refundSourceTexts[source])}
        {reason !== null && `: ${reason}`}
      </p>
      <p className="small">
        <UtcTime iso={refund.created_at} />
        {gatewayId !== null && <span className="id"> {gatewayId}</span>}
        {url !== null && (
          <>
            {' '}
            <a href={url} className="ops-short" rel="noreferrer" target="_blank">
              {opsTexts.refund.run}
            </a>
          </>
        )}
      </p>
      {unreplacedFailures(order).includes(refund) && <RefundAgain order={order} refund={refund} />}
    </li>
  );
}

/**
 * A button that refunds the amount of a failed refund, or what is left of the payment. The idempotency key depends only
 * on the failed refund, so repeated clicks make one refund.
 */
function RefundAgain({ order, refund }: { order: OpsOrderBody; refund: Refund }) {
  const { mutate, isPending, error } = useOpsAction();
  const { order_id: orderId, currency } = order;
  const minor = Math.min(refund.amount_minor, refundableMinor(order));
  const { reason } = refund;
  const request = { amount_minor: minor, ...(reason === null ? {} : { reason }), restock: [] };
  if (minor === 0) return null;
  return (
    <>
      <div className="actions">
        <Confirm
          kind="danger"
          buttonText={opsTexts.refund.again}
          title={opsTexts.refund.question}
          consequence={opsTexts.refund.consequence(formatMoney({ minor, currency }))}
          confirmText={opsTexts.refund.confirm}
          dismissText={opsTexts.actions.dismiss}
          disabled={isPending}
          pending={isPending ? opsTexts.actions.working : null}
          onConfirm={(close) => {
            close();
            mutate({ name: 'refund', orderId, request, key: `again-${refund.refund_id}` });
          }}
        />
      </div>
      <Notice tone="error">{failureText(error)}</Notice>
    </>
  );
}
