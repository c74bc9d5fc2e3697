import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { BackToStore } from '../components/backToStore.js';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { Page } from '../components/page.js';
import { failureCode, isNotFound } from '../failures.js';
import { errorText, retryingText } from '../failureTexts.js';
import { orderPath } from '../paths.js';
import { usePaymentPage } from '../queries.js';
import { texts } from '../texts.js';

/** Redirects to the gateway's page. The shopper sees this page only until the api answers, or after a failed call. */
export function PaymentPage({ paymentId }: { paymentId: string }) {
  const [, navigate] = useLocation();
  const { data: page, error, failureReason, isFetching, refetch } = usePaymentPage(paymentId);

  // Both calls replace the history entry, so that Back leads to the store and not to this page.
  useEffect(() => {
    if (page === undefined) return;
    if (page.paymentUrl === null) navigate(orderPath(page.orderId), { replace: true });
    else window.location.replace(page.paymentUrl);
  }, [page, navigate]);

  const isUnknown = isNotFound(error);
  const isFinal = isUnknown || failureCode(error) === 'refused';
  const paymentUrl = page?.paymentUrl ?? null;
  return (
    <Page title={texts.payment.title}>
      {(error === null || isFetching) && <p className="lead">{texts.payment.redirecting}</p>}
      <Notice tone="warning">{isFetching ? retryingText(failureReason) : null}</Notice>
      <Notice tone="error">
        {isFetching ? null : errorText(error, { not_found: texts.payment.unknown, refused: texts.payment.refused })}
      </Notice>
      {error !== null && !isFinal && (
        <Button pending={isFetching ? texts.payment.redirecting : null} onPress={() => void refetch()}>
          {texts.tryAgain}
        </Button>
      )}
      {paymentUrl !== null && (
        <p>
          <a href={paymentUrl}>{texts.payment.link}</a>
        </p>
      )}
      {!isFinal && <p className="small">{texts.payment.explanation}</p>}
      <BackToStore />
    </Page>
  );
}
