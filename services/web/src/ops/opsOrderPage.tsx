import type { OpsOrderBody, OrderReportBody } from '@widget-store/api';
import { formatMoney, type OrderStatus } from '@widget-store/contract';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { OrderItems, StatusPill, Time } from '../components/orderSummary.js';
import { focusHeading, Page } from '../components/page.js';
import { isAllReturned, isWaitingToShip } from '../orderTexts.js';
import { orderPath } from '../paths.js';
import { opsPackingSlipPath } from './paths.js';
import { texts } from '../texts.js';
import { AccessNotice } from './accessNotice.js';
import { ActionButton } from './actions.js';
import type { OrderReport } from './api.js';
import { Buyer, EraseBuyer } from './buyer.js';
import { Disputes } from './disputes.js';
import { FactList } from './factList.js';
import { moneyFacts } from './moneyFacts.js';
import { nextSteps } from './nextSteps.js';
import { orderListPath } from './orderSearch.js';
import { useOrderReport } from './queries.js';
import { RefundForm } from './refundForm.js';
import { refundableMinor, refundableText } from './refundRequest.js';
import { Refunds } from './refunds.js';
import { ReturnForm } from './returnForm.js';
import { ShipForm } from './shipForm.js';
import { SignedIn } from './signedIn.js';
import { opsTexts } from './texts.js';
import { TechnicalDetails, Timeline } from './timeline.js';

const moneyId = 'ops-money';

/** The page of one order: what the operator must do, the buyer, the items, the money and what has happened. */
export function OpsOrderPage({ orderId }: { orderId: string }) {
  const { data, error } = useOrderReport(orderId);
  const { orderTitle } = opsTexts;
  return (
    <Page title={data === undefined ? orderTitle : `${orderTitle} ${data.order.order_number}`}>
      <p>
        <Link href={orderListPath()}>{opsTexts.toList}</Link>
      </p>
      <AccessNotice error={error} notFound={opsTexts.order.unknown} />
      {data === undefined && error === null && <p>{texts.loading}</p>}
      {data !== undefined && (
        <>
          <SignedIn />
          <Summary report={data} />
          <OrderActions key={orderId} report={data} />
          <Buyer buyer={data.buyer} />
          <OrderItems order={asShopperSees(data.order)} notes={returnNotes(data.order)} />
          <Money report={data} />
          <Timeline entries={data.timeline} />
          <EraseBuyer report={data} />
          <TechnicalDetails report={data} />
        </>
      )}
    </Page>
  );
}

/** Leaves out failed refunds that are settled, and refunds of 0. The shopper's order page does not show them either. */
function asShopperSees(order: OpsOrderBody): OpsOrderBody {
  return { ...order, refunds: order.refunds.filter((refund) => refund.settled_by === null && refund.amount_minor > 0) };
}

/** How many units are back in stock, by product id. Empty for a cancelled order, because all of its units are back. */
function returnNotes({ status, items }: OpsOrderBody): Map<number, string> {
  const returned = status === 'CANCELLED' ? [] : items.filter((item) => item.returned > 0);
  return new Map(returned.map((item) => [item.product_id, opsTexts.order.returned(item.returned)]));
}

function Summary({ report }: { report: OrderReportBody }) {
  const { order } = report;
  const { warning, sentences } = nextSteps(report);
  return (
    <section className="ops-section" aria-label={opsTexts.order.summary}>
      <p className="ops-total">
        {formatMoney({ minor: order.total_minor, currency: order.currency })} <StatusPill status={order.status} />
      </p>
      <p>
        {order.ship_to !== null && `${order.ship_to.name} · `}
        {opsTexts.order.placed} <Time iso={order.created_at} />
      </p>
      <Notice tone="warning">{warning}</Notice>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p className="ops-links">
        {refundableMinor(order) > 0 && <a href={`#${moneyId}`}>{opsTexts.order.toRefund}</a>}
        {(order.status === 'PAID' || order.status === 'DISPATCHED') && (
          <Link href={opsPackingSlipPath(order.order_id)}>{opsTexts.slip.title}</Link>
        )}
        <Link href={orderPath(order.order_id)}>{opsTexts.order.shop}</Link>
      </p>
    </section>
  );
}

/** The form to ship the order and the button to cancel it, or one sentence if the order is cancelled. */
function OrderActions({ report }: { report: OrderReport }) {
  const { order } = report;
  const isCancelled = order.status === 'CANCELLED';
  const { refundable, notRefundable } = opsTexts.actions.impossible;
  const [isCancelledHere, setCancelledHere] = useState(false);
  useFocusAfterChange(order.status);
  return (
    <>
      <CancelledMeanwhile order={order} isCancelledHere={isCancelledHere} />
      {!isCancelled && <ShipForm report={report} />}
      {!isCancelled && <CancelAction order={order} onCancel={() => setCancelledHere(true)} />}
      <Notice>{isCancelled ? (refundableMinor(order) > 0 ? refundable : notRefundable) : null}</Notice>
    </>
  );
}

/**
 * A warning for the operator who packs an order that somebody else cancels. The cancellation removes the form to ship
 * the order, so the warning stays until the operator closes it.
 */
function CancelledMeanwhile({ order, isCancelledHere }: { order: OpsOrderBody; isCancelledHere: boolean }) {
  const isToShip = isWaitingToShip(order);
  const [wasToShip, setWasToShip] = useState(isToShip);
  const [isShown, setShown] = useState(false);
  if (wasToShip !== isToShip) {
    setWasToShip(isToShip);
    if (wasToShip && order.status === 'CANCELLED' && !isCancelledHere) setShown(true);
  }
  const { cancelledMeanwhile, close } = opsTexts.ship;
  return (
    <>
      <Notice tone="error">{isShown ? cancelledMeanwhile : null}</Notice>
      {isShown && <Button onPress={() => setShown(false)}>{close}</Button>}
    </>
  );
}

/** Moves the focus to the page's heading if a change of the status has removed the button that had the focus. */
function useFocusAfterChange(status: OrderStatus): void {
  const previous = useRef(status);
  useEffect(() => {
    if (previous.current === status) return;
    previous.current = status;
    if (document.activeElement === document.body) focusHeading({ preventScroll: true });
  }, [status]);
}

function CancelAction({ order, onCancel }: { order: OpsOrderBody; onCancel: () => void }) {
  const { order_id: orderId, status } = order;
  const { cancel, cancelDialog, shippedOnlyRefund } = opsTexts.actions;
  return (
    <section className="ops-section" aria-label={cancel}>
      <ActionButton
        kind="danger"
        text={cancel}
        action={{ name: 'cancel', orderId }}
        dialog={cancelDialog({ refund: refundableText(order), holdsStock: !isAllReturned(order.items) })}
        onStart={onCancel}
        disabledReason={status === 'DISPATCHED' ? shippedOnlyRefund : null}
      />
    </section>
  );
}

/** What was paid and refunded, the disputes, and the form to refund more. */
function Money({ report }: { report: OrderReportBody }) {
  const { order, runs, disputes, dashboard_url: dashboardUrl } = report;
  return (
    <section className="ops-section" aria-labelledby={moneyId}>
      <h2 id={moneyId}>{opsTexts.order.money}</h2>
      <FactList facts={moneyFacts(report)} />
      {dashboardUrl !== null && (
        <p>
          <a href={dashboardUrl} rel="noreferrer" target="_blank">
            {opsTexts.order.dashboard}
          </a>
        </p>
      )}
      <Refunds order={order} runs={runs} />
      <Disputes disputes={disputes} />
      <RefundForm order={order} />
      <ReturnForm order={order} />
    </section>
  );
}
