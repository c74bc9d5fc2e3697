import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { BackToStore } from '../components/backToStore.js';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { Page } from '../components/page.js';
import { failureCode, failureDetail, isAway } from '../failures.js';
import { formatMoney } from '../format.js';
import { orderPath } from '../paths.js';
import { useProduct, useSettlePayment } from '../queries.js';
import { texts } from '../texts.js';

export function PaymentPage({ paymentId }: { paymentId: string }) {
  const [, navigate] = useLocation();
  const { data: product, error: productError } = useProduct();
  const settle = useSettlePayment(paymentId);

  // `replace`: Back from the order leads to the store, not to a payment that is settled.
  useEffect(() => {
    if (settle.data !== undefined) navigate(orderPath(settle.data), { replace: true });
  }, [settle.data, navigate]);

  if (settle.isError && failureCode(settle.error) === 'not_found') return <UnknownPayment />;

  const amount = product === undefined ? null : formatMoney({ minor: product.price_minor, currency: product.currency });
  const outcome = settle.isPending || settle.isSuccess ? settle.variables : null;
  return (
    <Page title={texts.payment.title}>
      <p className="lead">{texts.payment.intro}</p>
      <dl className="bill">
        <dt>{texts.payment.amount}</dt>
        <dd className="bill-amount">{amount ?? texts.loading}</dd>
        {product !== undefined && <dd>{texts.payment.item(product.product)}</dd>}
      </dl>
      <div className="actions">
        <Button
          kind="primary"
          disabled={amount === null || outcome === 'cancelled'}
          pending={outcome === 'paid' ? texts.payment.paying : null}
          onPress={() => settle.mutate('paid')}
        >
          {amount === null ? texts.payment.pay : texts.payment.payAmount(amount)}
        </Button>
        <Button
          disabled={outcome === 'paid'}
          pending={outcome === 'cancelled' ? texts.payment.cancelling : null}
          onPress={() => settle.mutate('cancelled')}
        >
          {texts.payment.cancel}
        </Button>
      </div>
      <Notice tone="warning">{isAway(settle.failureReason ?? productError) ? texts.away : null}</Notice>
      <Notice tone="error">{failureText(settle.error)}</Notice>
      <p className="small">{texts.payment.afterwards}</p>
    </Page>
  );
}

function UnknownPayment() {
  return (
    <Page title={texts.payment.title}>
      <Notice tone="error">{texts.payment.unknown}</Notice>
      <BackToStore />
    </Page>
  );
}

function failureText(error: unknown): string | null {
  if (error === null) return null;
  const code = failureCode(error);
  return code === 'refused' || code === 'not_allowed' ? texts.payment.refused(failureDetail(error)) : texts.broken;
}
