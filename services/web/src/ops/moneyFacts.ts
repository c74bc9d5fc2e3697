import { formatMoney, paymentStatusNames } from '@widget-store/contract';
import type { OrderReportBody } from '@widget-store/api';
import { sumMinor } from '../orderTexts.js';
import { paidAnotherWayMinor } from './refundRequest.js';
import { opsTexts } from './texts.js';

/** What was paid, refunded and disputed, in words, by label. Null for what the page leaves out. */
export function moneyFacts({ order, disputes }: OrderReportBody): [string, string | null][] {
  const { currency, captured_minor: captured, refunded_minor: reserved, disputed_minor: disputed } = order;
  const money = (minor: number) => (minor === 0 ? null : formatMoney({ minor, currency }));
  const pending = sumMinor(order.refunds.filter(({ status }) => status === 'pending'));
  const lost = money(sumMinor(disputes.filter(({ status }) => status === 'lost')));
  const payment = paymentStatusNames[order.payment_status];
  const texts = opsTexts.order;
  return [
    [texts.payment, lost === null ? payment : texts.lostPayment(payment, lost)],
    [texts.captured, money(captured)],
    [texts.refunded, money(reserved - pending)],
    [texts.refundPending, money(pending)],
    [texts.paidAnotherWay, money(paidAnotherWayMinor(order))],
    [texts.disputed, money(disputed)],
  ];
}
