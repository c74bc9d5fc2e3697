import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { PlacedOrder } from '../api.js';
import type { StoredCheckout } from '../checkoutKey.js';
import { failureCode, failureDetail, isAway } from '../failures.js';
import { orderPath, paymentPath } from '../paths.js';
import { useCheckoutAnswer, useOrder } from '../queries.js';
import { useStore, useStoredCheckout } from '../store.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { StatusPill } from './orderSummary.js';

/** Buy now, or whatever is left of the last time it was pressed. */
export function Purchase({ soldOut }: { soldOut: boolean }) {
  const { checkouts } = useStore();
  const [, navigate] = useLocation();
  const stored = useStoredCheckout();
  const [atOpening] = useState(() => checkouts.current());
  const [followed, setFollowed] = useState(() => unanswered(atOpening));
  const answer = useCheckoutAnswer(followed?.key ?? null);

  useEffect(() => {
    if (answer.data !== undefined) navigate(paymentPath(answer.data.paymentId));
  }, [answer.data, navigate]);

  const isFollowed = stored !== null && stored.key === followed?.key;
  if (stored !== null && stored.placed !== null && !isFollowed) return <UnfinishedOrder {...stored.placed} />;

  const press = () => {
    const { key } = checkouts.begin();
    // Asked again with the same key: the first answer left open whether there is an order.
    if (key === followed?.key) void answer.refetch();
    else setFollowed({ key, resumed: false });
  };
  // An answered checkout is on its way to the payment page.
  const isAsking = answer.isFetching || answer.isSuccess;
  const resumed = followed?.resumed === true;
  return (
    <div className="purchase">
      <Button
        kind="primary"
        disabled={soldOut && stored === null}
        pending={isAsking ? texts.home.buying : null}
        onPress={press}
      >
        {buttonText({ soldOut, hasKey: stored !== null, isFollowed })}
      </Button>
      <Notice tone="info">{isAsking ? progressText({ failure: answer.failureReason, resumed }) : null}</Notice>
      <Notice tone="error">{isAsking ? null : failureText(answer.error)}</Notice>
      {followed === null && atOpening !== null && atOpening.placed !== null && <LastOrder {...atOpening.placed} />}
    </div>
  );
}

interface FollowedCheckout {
  key: string;
  /** Begun before this page was opened. */
  resumed: boolean;
}

/** A stored checkout without an answer is asked for as soon as the page opens. */
function unanswered(stored: StoredCheckout | null): FollowedCheckout | null {
  return stored !== null && stored.placed === null ? { key: stored.key, resumed: true } : null;
}

/** Watches the order: once it is known whether it is paid, it is unfinished no longer. */
function UnfinishedOrder({ orderId, paymentId }: PlacedOrder) {
  useOrder(orderId);
  return (
    <div className="purchase">
      <Notice>{texts.home.unfinished}</Notice>
      <div className="actions">
        <Link href={paymentPath(paymentId)} className="button button-primary">
          {texts.toPayment}
        </Link>
        <Link href={orderPath(orderId)} className="button">
          {texts.toOrder}
        </Link>
      </div>
    </div>
  );
}

/** For somebody who left the payment page without coming back: the only way to the order they may have paid. */
function LastOrder({ orderId }: PlacedOrder) {
  const { data: order } = useOrder(orderId);
  if (order === undefined) return null;
  return (
    <p className="last-order">
      {texts.home.lastOrder} <StatusPill status={order.status} /> <Link href={orderPath(orderId)}>{texts.toOrder}</Link>
    </p>
  );
}

function buttonText({ soldOut, hasKey, isFollowed }: { soldOut: boolean; hasKey: boolean; isFollowed: boolean }) {
  if (isFollowed) return texts.tryAgain;
  if (hasKey) return texts.home.continueOrder;
  return soldOut ? texts.home.soldOut : texts.home.buy;
}

function progressText({ failure, resumed }: { failure: unknown; resumed: boolean }): string | null {
  if (isAway(failure)) return texts.away;
  return resumed ? texts.home.resuming : null;
}

function failureText(error: unknown): string | null {
  if (error === null) return null;
  switch (failureCode(error)) {
    case 'sold_out':
      return texts.home.soldOutAnswer;
    case 'refused':
    case 'not_allowed':
      return texts.home.refused(failureDetail(error));
    default:
      return texts.broken;
  }
}
